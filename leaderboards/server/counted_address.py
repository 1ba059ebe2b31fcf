"""Whose connections and requests are counted together."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def counted_address(host: str) -> str:
    """An IPv4 address, or the /64 that one customer of IPv6 has; what is no address stays as it is."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(address) if address.version == 4 else str(ip_network(f"{address}/64", strict=False))
