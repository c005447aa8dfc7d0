PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
PREFIX reading-certainty: <https://w3id.org/glokal/code/reading-certainty/>
PREFIX subject-area: <https://w3id.org/glokal/code/subject-area/>
INSERT DATA {
  id:other-entry a glo:MappingEntry ;
    glo:entryOf id:inland-authority ;
    glo:inSubjectArea subject-area:health ;
    glo:refersTo id:journey ;
    glo:exactQuote "Fjord" ;
    glo:readingCertainty reading-certainty:certain ;
    glo:statedIn id:cell
}
