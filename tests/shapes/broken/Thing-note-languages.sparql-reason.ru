PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:cell glo:uncoveredReason "Gjentar overskriften."@nb }
