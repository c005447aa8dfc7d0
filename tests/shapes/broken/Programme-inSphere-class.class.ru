PREFIX cooperation-sphere: <https://w3id.org/glokal/code/cooperation-sphere/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:programme glo:inSphere cooperation-sphere:nordic } ;
INSERT DATA { id:programme glo:inSphere id:unknown }
