PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE WHERE { id:appendix glo:textDigest ?digest } ;
INSERT DATA { id:appendix glo:textDigest "89abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567" }
