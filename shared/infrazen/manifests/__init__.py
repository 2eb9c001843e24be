"""The custom resource CloudConnection: names, models, what a manifest may say.

The CRD is generated from these models; operator, API and pages read and write with them.
"""
