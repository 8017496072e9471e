complete -c lro -f
complete -c lro -n __fish_use_subcommand -a watch -d 'watch operations until all are done'
complete -c lro -n '__fish_seen_subcommand_from watch' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from watch' -l location -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from watch' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from watch' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from watch' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from watch' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from watch' -l header -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from watch' -l json
complete -c lro -n '__fish_seen_subcommand_from watch' -l quiet
complete -c lro -n '__fish_seen_subcommand_from watch' -l no-color
complete -c lro -n '__fish_seen_subcommand_from watch' -l redis -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l queue -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l prefix -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l timeout -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l max-retry-time -x
complete -c lro -n '__fish_seen_subcommand_from watch' -l long-poll
complete -c lro -n '__fish_seen_subcommand_from watch' -l help
complete -c lro -n __fish_use_subcommand -a track -d 'hand operations over to polling workers'
complete -c lro -n '__fish_seen_subcommand_from track' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from track' -l location -x
complete -c lro -n '__fish_seen_subcommand_from track' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from track' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from track' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from track' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from track' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from track' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from track' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from track' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from track' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from track' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from track' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from track' -l header -x
complete -c lro -n '__fish_seen_subcommand_from track' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from track' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from track' -l json
complete -c lro -n '__fish_seen_subcommand_from track' -l quiet
complete -c lro -n '__fish_seen_subcommand_from track' -l no-color
complete -c lro -n '__fish_seen_subcommand_from track' -l redis -x
complete -c lro -n '__fish_seen_subcommand_from track' -l queue -x
complete -c lro -n '__fish_seen_subcommand_from track' -l prefix -x
complete -c lro -n '__fish_seen_subcommand_from track' -l help
complete -c lro -n __fish_use_subcommand -a worker -d 'run a polling worker'
complete -c lro -n '__fish_seen_subcommand_from worker' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from worker' -l location -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from worker' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from worker' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from worker' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from worker' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from worker' -l header -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from worker' -l redis -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l queue -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l prefix -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l max -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l per -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l concurrency -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l max-retry-time -x
complete -c lro -n '__fish_seen_subcommand_from worker' -l quiet
complete -c lro -n '__fish_seen_subcommand_from worker' -l help
complete -c lro -n __fish_use_subcommand -a get -d 'get one snapshot of an operation'
complete -c lro -n '__fish_seen_subcommand_from get' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from get' -l location -x
complete -c lro -n '__fish_seen_subcommand_from get' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from get' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from get' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from get' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from get' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from get' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from get' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from get' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from get' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from get' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from get' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from get' -l header -x
complete -c lro -n '__fish_seen_subcommand_from get' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from get' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from get' -l json
complete -c lro -n '__fish_seen_subcommand_from get' -l quiet
complete -c lro -n '__fish_seen_subcommand_from get' -l no-color
complete -c lro -n '__fish_seen_subcommand_from get' -l help
complete -c lro -n __fish_use_subcommand -a list -d 'list the operations of a parent'
complete -c lro -n '__fish_seen_subcommand_from list' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from list' -l location -x
complete -c lro -n '__fish_seen_subcommand_from list' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from list' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from list' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from list' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from list' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from list' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from list' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from list' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from list' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from list' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from list' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from list' -l header -x
complete -c lro -n '__fish_seen_subcommand_from list' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from list' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from list' -l json
complete -c lro -n '__fish_seen_subcommand_from list' -l quiet
complete -c lro -n '__fish_seen_subcommand_from list' -l no-color
complete -c lro -n '__fish_seen_subcommand_from list' -l filter -x
complete -c lro -n '__fish_seen_subcommand_from list' -l page-size -x
complete -c lro -n '__fish_seen_subcommand_from list' -l limit -x
complete -c lro -n '__fish_seen_subcommand_from list' -l return-partial-success
complete -c lro -n '__fish_seen_subcommand_from list' -l help
complete -c lro -n __fish_use_subcommand -a wait -d 'send one request that waits for an operation'
complete -c lro -n '__fish_seen_subcommand_from wait' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from wait' -l location -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from wait' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from wait' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from wait' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from wait' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from wait' -l header -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from wait' -l json
complete -c lro -n '__fish_seen_subcommand_from wait' -l quiet
complete -c lro -n '__fish_seen_subcommand_from wait' -l no-color
complete -c lro -n '__fish_seen_subcommand_from wait' -l timeout -x
complete -c lro -n '__fish_seen_subcommand_from wait' -l help
complete -c lro -n __fish_use_subcommand -a cancel -d 'request the cancellation of operations'
complete -c lro -n '__fish_seen_subcommand_from cancel' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from cancel' -l location -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from cancel' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from cancel' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from cancel' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from cancel' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from cancel' -l header -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from cancel' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from cancel' -l json
complete -c lro -n '__fish_seen_subcommand_from cancel' -l quiet
complete -c lro -n '__fish_seen_subcommand_from cancel' -l no-color
complete -c lro -n '__fish_seen_subcommand_from cancel' -l help
complete -c lro -n __fish_use_subcommand -a delete -d 'delete operation records'
complete -c lro -n '__fish_seen_subcommand_from delete' -l service -x -a 'accesscontextmanager admanager admin-remotebuildexecution agenciesandbrands agentregistry aiplatform aistreams alloydb analyticsdata analyticshub androiddeviceprovisioning androidmanagement apigateway apigee apigeeregistry apihub apikeys apim appengine apphub appoptimize artifactregistry assuredworkloads auditmanager automl backupdr baremetalsolution batch beyondcorp bigqueryreservation bigtableadmin blockchainnodeengine certificatemanager ces checks chromemanagement chronicle cloudasset cloudbuild cloudchannel cloudcommerceconsumerprocurement clouddeploy cloudfunctions cloudidentity cloudkms cloudnumberregistry cloudoptimization cloudresourcemanager cloudscheduler cloudsearch cloudsecuritycompliance cloudshell cloudtasks commerceproducer composer compute config configdelivery connectors contactcenteraiplatform contactcenterinsights container containeranalysis contentwarehouse curationpartners datacatalog dataform datafusion datalabeling datalineage datamigration dataplex dataproc datastore datastream developerconnect devicerun dialogflow discoveryengine displayvideo documentai domains drive edgecontainer edgenetwork eventarc file financialservices firebase firebaseappdistribution firebaseapphosting firebasedataconnect firebasehosting firebaseml firestore ftp gameservices gdchardwaremanagement geminidataanalytics generativelanguage genomics gkebackup gkehub gkemulticloud gkeonprem googleads health healthcare hypercomputecluster iam ids jobs licensemanager lifesciences livestream logging looker lustre managedidentities managedkafka memcache memorystore metastore migrationcenter ml monitoring netapp networkconnectivity networkmanagement networksecurity networkservices notebooks observability ondemandscanning oracledatabase osconfig parallelstore policysimulator privateca privilegedaccessmanager prod-tt-sasportal pubsublite rapidmigrationassessment recommendationengine redis remotebuildexecution retail routeoptimization run runtimeconfig sasportal searchads360 securesourcemanager securitycenter securityposture serviceconsumermanagement servicemanagement servicenetworking serviceusage sourcerepo spanner speech sqladmin storage storagebatchoperations storageinsights storagetransfer streetviewpublish telcoautomation texttospeech threatintelligence tpu translate translation vault vectorsearch videointelligence videostitcher vision visionai vmmigration vmwareengine vpcaccess webrisk workflows workloadidentity workloadmanager workspaceevents workstations'
complete -c lro -n '__fish_seen_subcommand_from delete' -l location -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l endpoint -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l api-version -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l universe-domain -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l anonymous
complete -c lro -n '__fish_seen_subcommand_from delete' -l api-key-file -r -F
complete -c lro -n '__fish_seen_subcommand_from delete' -l quota-project -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l quota-user -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l client-cert -r -F
complete -c lro -n '__fish_seen_subcommand_from delete' -l client-key -r -F
complete -c lro -n '__fish_seen_subcommand_from delete' -l proxy -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l no-proxy
complete -c lro -n '__fish_seen_subcommand_from delete' -l header -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l fields -x
complete -c lro -n '__fish_seen_subcommand_from delete' -l xgafv -x -a '1 2'
complete -c lro -n '__fish_seen_subcommand_from delete' -l json
complete -c lro -n '__fish_seen_subcommand_from delete' -l quiet
complete -c lro -n '__fish_seen_subcommand_from delete' -l no-color
complete -c lro -n '__fish_seen_subcommand_from delete' -l help
complete -c lro -n __fish_use_subcommand -a emulator -d 'run an emulator on 127.0.0.1 until ^C'
complete -c lro -n '__fish_seen_subcommand_from emulator' -l port -x
complete -c lro -n '__fish_seen_subcommand_from emulator' -l duration -x
complete -c lro -n '__fish_seen_subcommand_from emulator' -l any-service
complete -c lro -n '__fish_seen_subcommand_from emulator' -l service -x -a 'compute container sqladmin'
complete -c lro -n '__fish_seen_subcommand_from emulator' -l operation -x
complete -c lro -n '__fish_seen_subcommand_from emulator' -l quiet
complete -c lro -n '__fish_seen_subcommand_from emulator' -l help
complete -c lro -n __fish_use_subcommand -a demo -d 'watch three operations of a built-in emulator'
complete -c lro -n '__fish_seen_subcommand_from demo' -l json
complete -c lro -n '__fish_seen_subcommand_from demo' -l quiet
complete -c lro -n '__fish_seen_subcommand_from demo' -l no-color
complete -c lro -n '__fish_seen_subcommand_from demo' -l help
complete -c lro -n __fish_use_subcommand -a explain -d 'show the polls of a schedule'
complete -c lro -n '__fish_seen_subcommand_from explain' -l factor -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l min -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l max -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l ratio -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l initial -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l multiplier -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l interval -x
complete -c lro -n '__fish_seen_subcommand_from explain' -l schedule -x -a 'balanced lag-bounded exponential constant'
complete -c lro -n '__fish_seen_subcommand_from explain' -l json
complete -c lro -n '__fish_seen_subcommand_from explain' -l help
complete -c lro -n __fish_use_subcommand -a completion -d 'print a completion script for bash, zsh or fish'
complete -c lro -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'
complete -c lro -n '__fish_seen_subcommand_from completion' -l help
complete -c lro -n __fish_use_subcommand -a help -d 'show the options of a verb'
complete -c lro -n '__fish_seen_subcommand_from help' -a 'watch track worker get list wait cancel delete emulator demo explain completion'
complete -c lro -n '__fish_seen_subcommand_from help' -l help
