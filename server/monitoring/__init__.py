"""What the operator sees from outside: metrics and logs. Everything may import it."""
