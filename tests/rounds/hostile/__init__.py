"""What may come back and mustn't do harm: a corpus built anew at each run, and a runner that collects each file under limits."""
