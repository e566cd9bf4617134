"""What tests share: the app, tablets to touch, invented courses."""
