"""Serving InfraZen from one process: the pages, the API and, on trial, a simulated cloud."""
