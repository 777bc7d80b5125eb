"""The web app: what its pages share."""
