"""How anything becomes visible: versions and their pointer, copying, holding, approvals."""
