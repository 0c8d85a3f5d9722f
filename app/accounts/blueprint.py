"""The door that every page of the room shares."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
