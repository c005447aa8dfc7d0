PREFIX activity-status: <https://w3id.org/glokal/code/activity-status/>
PREFIX glo: <https://w3id.org/glokal/def#>
PREFIX id: <https://example.org/id/>
DELETE DATA { id:report glo:activityStatus activity-status:running } ;
INSERT DATA { id:report glo:activityStatus id:council }
