"""Countries, by the two letters of ISO 3166."""

from __future__ import annotations

from .unsupported import missing

__all__ = ["CountryCode", "code"]


class CountryCode:
    """The countries whose markets have a pipeline domain."""

    ARGENTINA = "AR"
    AUSTRALIA = "AU"
    AUSTRIA = "AT"
    BELGIUM = "BE"
    BRAZIL = "BR"
    CANADA = "CA"
    CHILE = "CL"
    CHINA = "CN"
    COLOMBIA = "CO"
    CZECH_REPUBLIC = "CZ"
    DENMARK = "DK"
    FINLAND = "FI"
    FRANCE = "FR"
    GERMANY = "DE"
    GREECE = "GR"
    HONG_KONG = "HK"
    HUNGARY = "HU"
    INDIA = "IN"
    INDONESIA = "ID"
    IRELAND = "IE"
    ISRAEL = "IL"
    ITALY = "IT"
    JAPAN = "JP"
    MALAYSIA = "MY"
    MEXICO = "MX"
    NETHERLANDS = "NL"
    NEW_ZEALAND = "NZ"
    NORWAY = "NO"
    PAKISTAN = "PK"
    PERU = "PE"
    PHILIPPINES = "PH"
    POLAND = "PL"
    PORTUGAL = "PT"
    RUSSIA = "RU"
    SINGAPORE = "SG"
    SOUTH_AFRICA = "ZA"
    SOUTH_KOREA = "KR"
    SPAIN = "ES"
    SWEDEN = "SE"
    SWITZERLAND = "CH"
    TAIWAN = "TW"
    THAILAND = "TH"
    TURKEY = "TR"
    UNITED_KINGDOM = "GB"
    UNITED_STATES = "US"


#: Names of ISO 3166 that differ from those above.
_LONG_NAMES = {
    "CZECHIA": CountryCode.CZECH_REPUBLIC,
    "KOREA, REPUBLIC OF": CountryCode.SOUTH_KOREA,
    "RUSSIAN FEDERATION": CountryCode.RUSSIA,
    "TAIWAN, PROVINCE OF CHINA": CountryCode.TAIWAN,
    "TÜRKIYE": CountryCode.TURKEY,
    "UNITED KINGDOM OF GREAT BRITAIN AND NORTHERN IRELAND": CountryCode.UNITED_KINGDOM,
    "UNITED STATES OF AMERICA": CountryCode.UNITED_STATES,
}


def code(name) -> str:
    """The letters of a country, given its name in capital letters, of those of `CountryCode`."""
    found = _LONG_NAMES.get(name) or vars(CountryCode).get(name.replace(" ", "_"))
    if not isinstance(found, str):
        raise missing(f"zipline.country.code({name!r})", "Write the two letters.")
    return found
