PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:sub-programme glo:subProgrammeOf id:programme } ;
INSERT DATA { id:sub-programme glo:subProgrammeOf id:unknown }
