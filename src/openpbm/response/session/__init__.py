"""One session: oxidase, nitric oxide, vessels, oxygen and small fibres, over seconds."""
