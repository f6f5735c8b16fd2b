"""Runs a command on a terminal: for each pair of the steps, waits until the first is shown and types the second.
Prints what the terminal showed and ends as the command does. A text that never comes fails after half a minute."""
import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios

steps, command = json.loads(sys.argv[1]), sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 100, 0, 0))
shown, seen = b"", 0


def read():
    """More of what is shown; nothing at the end."""
    if not select.select([terminal], [], [], 30)[0]:
        sys.stdout.buffer.write(shown)
        sys.exit(f"nothing more is shown; the steps are {steps}")
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


for wanted, typed in steps:
    while (at := shown.find(wanted.encode(), seen)) < 0:
        more = read()
        if not more:
            sys.stdout.buffer.write(shown)
            sys.exit(f"the command ended before {wanted!r} was shown")
        shown += more
    seen = at + len(wanted.encode())
    os.write(terminal, typed.encode())
while more := read():
    shown += more
sys.stdout.buffer.write(shown)
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
