PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX subject-area: <https://w3id.org/glokal/code/subject-area/>
DELETE DATA { id:entry glo:inSubjectArea subject-area:health } ;
INSERT DATA { id:entry glo:inSubjectArea id:unknown }
