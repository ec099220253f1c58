"""`make release`: everything that a release takes, except the tag and the upload."""
