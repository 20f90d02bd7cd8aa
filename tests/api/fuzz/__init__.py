"""Requests drawn from the OpenAPI document, and what is made of them."""
