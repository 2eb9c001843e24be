"""The app, loaded once; its gallery too, so that every part is rendered."""

import os

import pytest

os.environ["INFRAZEN_UI_GALLERY"] = "true"

import infrazen_ui.infrazen_ui as application
from infrazen_ui.backend.visitors import visitors
from tests.people import Person, sign_in_owner


@pytest.fixture(scope="session")
def app():
    """The Reflex app."""
    return application.app


@pytest.fixture(autouse=True)
def _nobody_remembered():
    visitors().forget()


@pytest.fixture
def owner(database) -> Person:
    """The first owner, signed in."""
    return sign_in_owner()
