"""A picture in, a Reading out. No Flask, no socket, no database."""
