"""The command `myco-vpn`. What it answers, and its exit codes, are in docs/vpn.md."""
