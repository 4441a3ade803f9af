"""What leaves the site: letters as tagged PDF, tables as CSV; the text of a record is passed in as data."""
