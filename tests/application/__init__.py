"""Real applications for the tests: LibreOffice Calc and the Open XML SDK validator."""
