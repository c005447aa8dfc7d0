"""The only place where IRIs are spelled: namespaces and the terms that code needs."""

from __future__ import annotations

ADMS = "http://www.w3.org/ns/adms#"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CHANGESET = "http://purl.org/vocab/changeset/schema#"
DCAT = "http://www.w3.org/ns/dcat#"
DCATAP = "http://data.europa.eu/r5r/"
DCTERMS = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
GEO = "http://www.opengis.net/ont/geosparql#"
HTTP = "http://www.w3.org/2011/http#"
OA = "http://www.w3.org/ns/oa#"
ODRS = "http://schema.theodi.org/odrs#"
ORG = "http://www.w3.org/ns/org#"
OWL = "http://www.w3.org/2002/07/owl#"
# What owlready2 itself obeys in a graph: modules of Python to import, names to give.
OWLREADY = "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SD = "http://www.w3.org/ns/sparql-service-description#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
# Terms for examples of queries, besides those of SHACL.
SPARQL_EXAMPLES = "https://purl.expasy.org/sparql-examples/ontology#"
SPDX = "http://spdx.org/rdf/terms#"
MODELLDCATNO = "https://data.norge.no/vocabulary/modelldcatno#"
VANN = "http://purl.org/vocab/vann/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
VOID = "http://rdfs.org/ns/void#"
VIRTRDF = "http://www.openlinksw.com/schemas/virtrdf#"
W3C_FORMATS = "http://www.w3.org/ns/formats/"
XKOS = "http://rdf-vocabulary.ddialliance.org/xkos#"
XSD = "http://www.w3.org/2001/XMLSchema#"

GLOKAL = "https://w3id.org/glokal/"
GLO = GLOKAL + "def#"
SHAPE = GLOKAL + "shape#"
CODE = GLOKAL + "code/"
ACTIVITY_STATUS = CODE + "activity-status/"
ACCEPTED = CODE + "verification-status/accepted"
ONTOLOGY_GRAPH = GLOKAL + "graph/ontology/"
CHECK = GLOKAL + "check/"

STANDARD_PREFIXES = {
    "adms": ADMS,
    "bibo": "http://purl.org/ontology/bibo/",
    "cs": CHANGESET,
    "cv": "http://data.europa.eu/m8g/",
    "dcat": DCAT,
    "dcatap": DCATAP,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "geo": GEO,
    "glo": GLO,
    "modelldcatno": MODELLDCATNO,
    "oa": OA,
    "odrs": ODRS,
    "org": ORG,
    "owl": OWL,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "sd": SD,
    "sh": SH,
    "shape": SHAPE,
    "skos": SKOS,
    "spdx": SPDX,
    "vann": VANN,
    "vcard": VCARD,
    "void": VOID,
    "xkos": XKOS,
    "xsd": XSD,
}

# Controlled vocabularies that the application profiles demand. What the catalogue
# says of their terms stands in catalogue/authorities.ttl.
EU = "http://publications.europa.eu/resource/authority/"
EU_ACCESS_PUBLIC = EU + "access-right/PUBLIC"
EU_AVAILABILITY_STABLE = EU + "planned-availability/STABLE"
STATUS_COMPLETED = "http://purl.org/adms/status/Completed"
STATUS_UNDER_DEVELOPMENT = "http://purl.org/adms/status/UnderDevelopment"
EU_COUNTRIES = EU + "country/"
EU_DATA_THEME = EU + "data-theme"
EU_DATA_THEMES = EU_DATA_THEME + "/"
EU_FILE_TYPES = EU + "file-type/"
EU_FREQUENCIES = EU + "frequency/"
EU_LANGUAGES = EU + "language/"
EU_LICENCES = EU + "licence/"
GEONAMES = "https://sws.geonames.org/"
# Where places are looked for, and what the profiles want each list to be called.
PLACE_SCHEMES = {
    EU + "continent/": EU + "continent",
    EU_COUNTRIES: EU + "country",
    EU + "place/": EU + "place",
    GEONAMES: "http://sws.geonames.org",
}
GEONORGE = "https://data.geonorge.no/administrativeEnheter/"
IANA_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
LOS = "https://psi.norge.no/los/tema/"
LOS_SCHEME = "https://psi.norge.no/los/struktur.html"
PROVENANCE_ACTIVITY = "https://data.norge.no/vocabulary/provenance-activity-type#"
PUBLISHER_TYPE = "http://purl.org/adms/publishertype/"
REGISTERED_ORGANISATION = (
    "https://organization-catalog.fellesdatakatalog.digdir.no/organizations/"
)
# RFC 9727, section 4.2: what a catalogue of APIs says that it is.
API_CATALOG_PROFILE = "https://www.rfc-editor.org/info/rfc9727"
SPARQL_PROTOCOL = "http://www.w3.org/TR/sparql11-protocol/"
SPARQL_RESULTS_CSV = "http://www.w3.org/TR/sparql11-results-csv-tsv/"
# What the names of a strict workbook begin with (ISO/IEC 29500-1).
OOXML_STRICT = "http://purl.oclc.org/ooxml/"
OWL_2 = "http://www.w3.org/TR/owl2-overview/"
SHACL_SPECIFICATION = "http://www.w3.org/TR/shacl/"
SKOS_REFERENCE = "http://www.w3.org/TR/skos-reference/"

DATA_THEMES = (
    "AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL",
    "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN",
)  # fmt: skip
FREQUENCIES = (
    "IRREG", "MONTHLY", "QUARTERLY", "ANNUAL", "BIENNIAL", "QUADRENNIAL", "NEVER",
)  # fmt: skip
# The licences that both portals count as open, by the address that people know.
LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": EU_LICENCES + "CC_BY_4_0",
    "https://creativecommons.org/publicdomain/zero/1.0/": EU_LICENCES + "CC0",
    "https://data.norge.no/nlod/no/2.0": EU_LICENCES + "NLOD_2_0",
}
# https://spdx.org/licenses/, as far as the Citation File Format 1.2.0 lists them.
SPDX_LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC-BY-4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0-1.0",
}
LICENCE_NAMES = {
    "https://creativecommons.org/licenses/by/4.0/": "CC BY 4.0",
    "https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0",
    "https://data.norge.no/nlod/no/2.0": "NLOD 2.0",
}
LOS_THEMES = (
    "arbeid", "bygg-og-eiendom", "demokrati-og-innbyggerrettigheter",
    "familie-og-barn", "helse-og-omsorg", "kultur-idrett-og-fritid", "lov-og-rett",
    "naring", "natur-klima-og-miljo", "samfunnssikkerhet-og-beredskap",
    "skatt-og-avgift", "skole-og-utdanning", "sosiale-tjenester",
    "trafikk-og-transport",
)  # fmt: skip
PUBLISHER_TYPES = (
    "RegionalAuthority", "LocalAuthority", "NationalAuthority",
    "NonGovernmentalOrganisation", "NonProfitOrganisation",
)  # fmt: skip
