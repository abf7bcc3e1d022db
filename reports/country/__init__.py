"""A made-up country for measurements and pictures: generated, and every name says so."""
