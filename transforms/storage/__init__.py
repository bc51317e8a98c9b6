"""Where pictures lie: one protocol, a folder and S3. Import from the modules."""
