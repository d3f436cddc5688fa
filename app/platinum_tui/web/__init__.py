"""The console in a browser on this machine: a server on loopback that lets in one browser."""
