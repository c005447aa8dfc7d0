PREFIX collaborator-group: <https://w3id.org/glokal/code/collaborator-group/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:council glo:listedAs collaborator-group:knowledge } ;
INSERT DATA { id:council glo:listedAs id:unknown }
