"""Roll-up: weighted means, shares, cascades, people and offices; which row of an indicator counts; what doesn't hold together."""
