PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:heading glo:exactText "Fjordland ute" } ;
INSERT DATA { id:heading glo:exactText "Fjordland ute"@nb }
