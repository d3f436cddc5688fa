"""Brings loopback up in a new network namespace, where it is down (netdevice(7)); a program."""

from __future__ import annotations

import fcntl
import socket
import struct

GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
    _, flags = struct.unpack("16sh", fcntl.ioctl(door, GET_FLAGS, struct.pack("16sh", b"lo", 0)))
    fcntl.ioctl(door, SET_FLAGS, struct.pack("16sh", b"lo", flags | UP))
