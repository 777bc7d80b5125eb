"""Trains the tagger and parser that ingest.extract ships as kg_syn: see README.md beside this file."""
