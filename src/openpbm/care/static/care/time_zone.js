// Chooses the device's own time zone where nobody has chosen one yet; the person can choose another.
document.querySelectorAll("select[data-own-time-zone]").forEach((select) => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select.value === "" && [...select.options].some((option) => option.value === zone)) {
    select.value = zone;
  }
});
