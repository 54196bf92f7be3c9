"""Optional translation: English papers into Chinese by a service that the user configures.

Nothing is ever sent unless the settings name both the address of a service and a model.
"""
