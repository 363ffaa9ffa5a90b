"""The files that make a server a gateway, generated from its state: pure.

Nothing in them writes down what members do: no log rule, no query log, no counters by destination.
"""

from __future__ import annotations

from myco_vpn.gateway.state import INTERFACE, Gateway

TABLE = "myco_gateway"


def wireguard(gateway: Gateway) -> str:
    """For `wg syncconf` (wg(8)); it holds keys."""
    lines = [
        "[Interface]",
        f"PrivateKey = {gateway.private_key.text}",
        f"ListenPort = {gateway.endpoint.port}",
    ]
    for member in gateway.members:
        lines += [
            "",
            "[Peer]",
            f"PublicKey = {member.public_key.text}",
            f"PresharedKey = {member.preshared_key.text}",
            f"AllowedIPs = {member.ipv4}/32, {member.ipv6}/128",
        ]
    return "\n".join(lines) + "\n"


def nftables(gateway: Gateway) -> str:
    """One table of our own, replaced as a whole; other tables are not touched.

    Members reach the internet and the gateway's name server, not each other. Addresses of the
    tunnel are dropped when they arrive from outside. Source ports are chosen at random, so that one
    member cannot take over another's connection (CVE-2021-3773).
    """
    up = gateway.uplink
    return f"""\
table inet {TABLE}
delete table inet {TABLE}
table inet {TABLE} {{
    chain raw {{
        type filter hook prerouting priority raw; policy accept;
        iifname != "{INTERFACE}" ip saddr {gateway.ipv4} drop
        iifname != "{INTERFACE}" ip daddr {gateway.ipv4} fib daddr type != local drop
        iifname != {{ "{INTERFACE}", "lo" }} ip daddr {gateway.own_ipv4} drop
        iifname != "{INTERFACE}" ip6 saddr {gateway.ipv6} drop
        iifname != {{ "{INTERFACE}", "lo" }} ip6 daddr {gateway.ipv6} drop
    }}
    chain input {{
        type filter hook input priority filter; policy accept;
        iifname "{INTERFACE}" udp dport 53 accept
        iifname "{INTERFACE}" tcp dport 53 accept
        iifname "{INTERFACE}" icmp type echo-request accept
        iifname "{INTERFACE}" icmpv6 type echo-request accept
        iifname "{INTERFACE}" ct state established,related accept
        iifname "{INTERFACE}" drop
    }}
    chain forward {{
        type filter hook forward priority filter; policy accept;
        iifname "{INTERFACE}" oifname "{up}" tcp flags syn tcp option maxseg size set rt mtu
        oifname "{INTERFACE}" tcp flags syn tcp option maxseg size set rt mtu
        iifname "{INTERFACE}" oifname != "{up}" drop
        oifname "{INTERFACE}" ct state established,related accept
        oifname "{INTERFACE}" drop
    }}
    chain source {{
        type nat hook postrouting priority srcnat; policy accept;
        oifname "{up}" ip saddr {gateway.ipv4} masquerade fully-random
        oifname "{up}" ip6 saddr {gateway.ipv6} masquerade fully-random
    }}
}}
"""


def no_nftables() -> str:
    """Takes our table away, if it is there."""
    return f"table inet {TABLE}\ndelete table inet {TABLE}\n"


def dnsmasq(gateway: Gateway) -> str:
    """A name server for members only (dnsmasq(8)), without a log of what they ask."""
    lines = [
        "port=53",
        f"interface={INTERFACE}",
        "except-interface=lo",
        "bind-dynamic",
        f"listen-address={gateway.own_ipv4}",
        f"listen-address={gateway.own_ipv6}",
        "no-hosts",
        "bogus-priv",
        "domain-needed",
        "stop-dns-rebind",
        "cache-size=10000",
        "no-poll",
    ]
    if gateway.upstream:
        lines += ["no-resolv", *(f"server={server}" for server in gateway.upstream)]
    return "\n".join(lines) + "\n"


def service(command: str) -> str:
    """The systemd unit of the tunnel itself."""
    return f"""\
[Unit]
Description=Myco gateway (WireGuard)
After=network-online.target nftables.service
Wants=network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={command} gateway up
ExecReload={command} gateway up
ExecStop={command} gateway down

[Install]
WantedBy=multi-user.target
"""


def dns_service(program: str, configuration: str) -> str:
    """The systemd unit of the members' name server."""
    return f"""\
[Unit]
Description=Myco gateway (names)
After=myco-gateway.service
Requires=myco-gateway.service

[Service]
ExecStart={program} --keep-in-foreground --conf-file={configuration} --pid-file=
Restart=on-failure
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
NoNewPrivileges=yes
CapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_NET_RAW CAP_SETUID CAP_SETGID

[Install]
WantedBy=multi-user.target
"""
