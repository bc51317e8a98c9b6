"""What is published, as shop systems read it: manifests, changes between versions, feeds."""
