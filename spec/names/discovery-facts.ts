/** What a discovery document of Google states about the operations of one API version. */
export interface DiscoveryFacts {
  /** The host without the universe domain, such as `run`. */
  readonly host: string
  readonly version: string
  /** The path between the host and the name of an operation. */
  readonly path: string
  readonly batchPath: string
  /** The methods besides get. */
  readonly verbs: readonly string[]
  /** The patterns of the names: `*` matches one segment. A `**` at the end proves nothing about the segments. */
  readonly names: readonly string[]
}

// The discovery documents that have operations, as of November 2026. Each line contains the host, the version, the path,
// the batch path, the methods, and the name patterns, in which `@` stands for `projects/*/locations/*`. Methods that
// start an operation with GET are omitted, and a second path of Video Intelligence for the same names. The path of
// Speech-to-Text v1 contains the collection `operations`, which is part of the name here.
//
// Source: https://www.googleapis.com/discovery/v1/apis.
const LINES = `
accesscontextmanager v1 v1 batch list,cancel,delete operations/**
accesscontextmanager v1beta v1beta batch - operations/**
admin-remotebuildexecution v1alpha v1alpha batch - projects/*/operations/*
agenciesandbrands v1 v1 batch - agencies/*/reports/*/operations/*
agentregistry v1 v1 batch list,cancel,delete @/operations/*
agentregistry v1alpha v1alpha batch list,cancel,delete @/operations/*
aiplatform v1 v1 batch list,cancel,delete,wait customJobs/*/operations/* dataLabelingJobs/*/operations/* datasets/*/annotationSpecs/*/operations/* datasets/*/dataItems/*/annotations/*/operations/* datasets/*/dataItems/*/operations/* datasets/*/operations/* datasets/*/savedQueries/*/operations/* deploymentResourcePools/*/operations/* endpoints/*/operations/* featureGroups/*/features/*/operations/* featureGroups/*/operations/* featureOnlineStores/*/featureViews/*/operations/* featureOnlineStores/*/operations/* featurestores/*/entityTypes/*/features/*/operations/* featurestores/*/entityTypes/*/operations/* featurestores/*/operations/* hyperparameterTuningJobs/*/operations/* indexEndpoints/*/operations/* indexes/*/operations/* memoryBanks/*/memories/*/operations/* memoryBanks/*/operations/* metadataStores/*/artifacts/*/operations/* metadataStores/*/contexts/*/operations/* metadataStores/*/executions/*/operations/* metadataStores/*/operations/* migratableResources/*/operations/* modelDeploymentMonitoringJobs/*/operations/* models/*/evaluations/*/operations/* models/*/operations/* notebookExecutionJobs/*/operations/* notebookRuntimeTemplates/*/operations/* notebookRuntimes/*/operations/* onlineEvaluators/*/operations/* operations/* persistentResources/*/operations/* pipelineJobs/*/operations/* @/customJobs/*/operations/* @/dataLabelingJobs/*/operations/* @/datasets/*/annotationSpecs/*/operations/* @/datasets/*/dataItems/*/annotations/*/operations/* @/datasets/*/dataItems/*/operations/* @/datasets/*/operations/* @/datasets/*/savedQueries/*/operations/* @/deploymentResourcePools/*/operations/* @/endpoints/*/operations/* @/featureGroups/*/features/*/operations/* @/featureGroups/*/operations/* @/featureOnlineStores/*/featureViews/*/operations/* @/featureOnlineStores/*/operations/* @/featurestores/*/entityTypes/*/features/*/operations/* @/featurestores/*/entityTypes/*/operations/* @/featurestores/*/operations/* @/hyperparameterTuningJobs/*/operations/* @/indexEndpoints/*/operations/* @/indexes/*/operations/* @/memoryBanks/*/memories/*/operations/* @/memoryBanks/*/operations/* @/metadataStores/*/artifacts/*/operations/* @/metadataStores/*/contexts/*/operations/* @/metadataStores/*/executions/*/operations/* @/metadataStores/*/operations/* @/migratableResources/*/operations/* @/modelDeploymentMonitoringJobs/*/operations/* @/models/*/evaluations/*/operations/* @/models/*/operations/* @/notebookExecutionJobs/*/operations/* @/notebookRuntimeTemplates/*/operations/* @/notebookRuntimes/*/operations/* @/onlineEvaluators/*/operations/* @/operations/* @/persistentResources/*/operations/* @/pipelineJobs/*/operations/* @/ragCorpora/*/operations/* @/ragCorpora/*/ragFiles/*/operations/* @/ragEngineConfig/operations/* @/reasoningEngines/*/memories/*/operations/* @/reasoningEngines/*/operations/* @/reasoningEngines/*/sandboxEnvironmentSnapshots/*/operations/* @/reasoningEngines/*/sandboxEnvironmentTemplates/*/operations/* @/reasoningEngines/*/sandboxEnvironments/*/operations/* @/reasoningEngines/*/sessions/*/operations/* @/schedules/*/operations/* @/semanticGovernancePolicies/*/operations/* @/servingProfiles/*/operations/* @/skills/*/operations/* @/specialistPools/*/operations/* @/studies/*/operations/* @/studies/*/trials/*/operations/* @/taskStores/*/operations/* @/tensorboards/*/experiments/*/operations/* @/tensorboards/*/experiments/*/runs/*/operations/* @/tensorboards/*/experiments/*/runs/*/timeSeries/*/operations/* @/tensorboards/*/operations/* @/trainingPipelines/*/operations/* @/tuningJobs/*/operations/* ragCorpora/*/operations/* ragCorpora/*/ragFiles/*/operations/* ragEngineConfig/operations/* reasoningEngines/*/memories/*/operations/* reasoningEngines/*/operations/* reasoningEngines/*/sandboxEnvironmentSnapshots/*/operations/* reasoningEngines/*/sandboxEnvironmentTemplates/*/operations/* reasoningEngines/*/sandboxEnvironments/*/operations/* reasoningEngines/*/sessions/*/operations/* schedules/*/operations/* semanticGovernancePolicies/*/operations/* servingProfiles/*/operations/* skills/*/operations/* specialistPools/*/operations/* studies/*/operations/* studies/*/trials/*/operations/* taskStores/*/operations/* tensorboards/*/experiments/*/operations/* tensorboards/*/experiments/*/runs/*/operations/* tensorboards/*/experiments/*/runs/*/timeSeries/*/operations/* tensorboards/*/operations/* trainingPipelines/*/operations/* tuningJobs/*/operations/*
aiplatform v1beta1 v1beta1 batch list,cancel,delete,wait agents/*/operations/* apps/*/operations/* customJobs/*/operations/* dataLabelingJobs/*/operations/* datasets/*/annotationSpecs/*/operations/* datasets/*/dataItems/*/annotations/*/operations/* datasets/*/dataItems/*/operations/* datasets/*/operations/* datasets/*/savedQueries/*/operations/* deploymentResourcePools/*/operations/* edgeDevices/*/operations/* endpoints/*/operations/* evaluationItems/*/operations/* evaluationMetrics/*/operations/* evaluationRuns/*/operations/* evaluationSets/*/operations/* evaluationTasks/*/operations/* exampleStores/*/operations/* extensionControllers/*/operations/* extensions/*/operations/* featureGroups/*/featureMonitors/*/operations/* featureGroups/*/features/*/operations/* featureGroups/*/operations/* featureOnlineStores/*/featureViews/*/operations/* featureOnlineStores/*/operations/* featurestores/*/entityTypes/*/features/*/operations/* featurestores/*/entityTypes/*/operations/* featurestores/*/operations/* hyperparameterTuningJobs/*/operations/* indexEndpoints/*/operations/* indexes/*/operations/* memoryBanks/*/memories/*/operations/* memoryBanks/*/operations/* metadataStores/*/artifacts/*/operations/* metadataStores/*/contexts/*/operations/* metadataStores/*/executions/*/operations/* metadataStores/*/operations/* migratableResources/*/operations/* modelDeploymentMonitoringJobs/*/operations/* modelMonitors/*/operations/* models/*/evaluations/*/operations/* models/*/operations/* notebookExecutionJobs/*/operations/* notebookRuntimeTemplates/*/operations/* notebookRuntimes/*/operations/* onlineEvaluators/*/operations/* operations/* persistentResources/*/operations/* pipelineJobs/*/operations/* @/agents/*/operations/* @/apps/*/operations/* @/customJobs/*/operations/* @/dataLabelingJobs/*/operations/* @/datasets/*/annotationSpecs/*/operations/* @/datasets/*/dataItems/*/annotations/*/operations/* @/datasets/*/dataItems/*/operations/* @/datasets/*/operations/* @/datasets/*/savedQueries/*/operations/* @/deploymentResourcePools/*/operations/* @/edgeDevices/*/operations/* @/endpoints/*/operations/* @/evaluationItems/*/operations/* @/evaluationMetrics/*/operations/* @/evaluationRuns/*/operations/* @/evaluationSets/*/operations/* @/evaluationTasks/*/operations/* @/exampleStores/*/operations/* @/extensionControllers/*/operations/* @/extensions/*/operations/* @/featureGroups/*/featureMonitors/*/operations/* @/featureGroups/*/features/*/operations/* @/featureGroups/*/operations/* @/featureOnlineStores/*/featureViews/*/operations/* @/featureOnlineStores/*/operations/* @/featurestores/*/entityTypes/*/features/*/operations/* @/featurestores/*/entityTypes/*/operations/* @/featurestores/*/operations/* @/hyperparameterTuningJobs/*/operations/* @/indexEndpoints/*/operations/* @/indexes/*/operations/* @/memoryBanks/*/memories/*/operations/* @/memoryBanks/*/operations/* @/metadataStores/*/artifacts/*/operations/* @/metadataStores/*/contexts/*/operations/* @/metadataStores/*/executions/*/operations/* @/metadataStores/*/operations/* @/migratableResources/*/operations/* @/modelDeploymentMonitoringJobs/*/operations/* @/modelMonitors/*/operations/* @/models/*/evaluations/*/operations/* @/models/*/operations/* @/notebookExecutionJobs/*/operations/* @/notebookRuntimeTemplates/*/operations/* @/notebookRuntimes/*/operations/* @/onlineEvaluators/*/operations/* @/operations/* @/persistentResources/*/operations/* @/pipelineJobs/*/operations/* @/ragCorpora/*/operations/* @/ragCorpora/*/ragFiles/*/operations/* @/ragEngineConfig/operations/* @/reasoningEngines/*/examples/*/operations/* @/reasoningEngines/*/feedbackEntries/*/operations/* @/reasoningEngines/*/memories/*/operations/* @/reasoningEngines/*/operations/* @/reasoningEngines/*/runtimeRevisions/*/operations/* @/reasoningEngines/*/sandboxEnvironmentSnapshots/*/operations/* @/reasoningEngines/*/sandboxEnvironmentTemplates/*/operations/* @/reasoningEngines/*/sandboxEnvironments/*/operations/* @/reasoningEngines/*/sessions/*/operations/* @/schedules/*/operations/* @/semanticGovernancePolicies/*/operations/* @/servingProfiles/*/operations/* @/skills/*/operations/* @/solvers/*/operations/* @/specialistPools/*/operations/* @/studies/*/operations/* @/studies/*/trials/*/operations/* @/taskStores/*/operations/* @/tensorboards/*/experiments/*/operations/* @/tensorboards/*/experiments/*/runs/*/operations/* @/tensorboards/*/experiments/*/runs/*/timeSeries/*/operations/* @/tensorboards/*/operations/* @/trainingPipelines/*/operations/* @/tuningJobs/*/operations/* ragCorpora/*/operations/* ragCorpora/*/ragFiles/*/operations/* ragEngineConfig/operations/* reasoningEngines/*/examples/*/operations/* reasoningEngines/*/feedbackEntries/*/operations/* reasoningEngines/*/memories/*/operations/* reasoningEngines/*/operations/* reasoningEngines/*/runtimeRevisions/*/operations/* reasoningEngines/*/sandboxEnvironmentSnapshots/*/operations/* reasoningEngines/*/sandboxEnvironmentTemplates/*/operations/* reasoningEngines/*/sandboxEnvironments/*/operations/* reasoningEngines/*/sessions/*/operations/* schedules/*/operations/* semanticGovernancePolicies/*/operations/* servingProfiles/*/operations/* skills/*/operations/* solvers/*/operations/* specialistPools/*/operations/* studies/*/operations/* studies/*/trials/*/operations/* taskStores/*/operations/* tensorboards/*/experiments/*/operations/* tensorboards/*/experiments/*/runs/*/operations/* tensorboards/*/experiments/*/runs/*/timeSeries/*/operations/* tensorboards/*/operations/* trainingPipelines/*/operations/* tuningJobs/*/operations/*
alloydb v1 v1 batch list,cancel,delete @/operations/*
alloydb v1alpha v1alpha batch list,cancel,delete @/operations/*
alloydb v1beta v1beta batch list,cancel,delete @/operations/*
analyticsdata v1beta v1beta batch -
analyticshub v1 v1 batch -
androiddeviceprovisioning v1 v1 batch - operations/**
androidmanagement v1 v1 batch list,cancel enterprises/*/devices/*/operations/*
apigateway v1 v1 batch list,cancel,delete @/operations/*
apigateway v1beta v1beta batch list,cancel,delete @/operations/*
apigee v1 v1 batch list organizations/*/operations/*
apigeeregistry v1 v1 batch list,cancel,delete @/operations/*
apihub v1 v1 batch list,cancel,delete @/operations/*
apikeys v2 v2 batch - operations/*
apim v1alpha v1alpha batch list,cancel,delete @/operations/*
appengine v1 v1 batch list apps/*/operations/*
appengine v1alpha v1alpha batch list apps/*/operations/* @/operations/*
appengine v1beta v1beta batch list apps/*/operations/* @/operations/*
appengine v1beta4 v1beta4 batch list apps/*/operations/*
appengine v1beta5 v1beta5 batch list apps/*/operations/*
apphub v1 v1 batch list,cancel,delete @/operations/*
apphub v1alpha v1alpha batch list,cancel,delete @/operations/*
artifactregistry v1 v1 batch cancel @/operations/*
artifactregistry v1beta1 v1beta1 batch - @/operations/*
artifactregistry v1beta2 v1beta2 batch - @/operations/*
assuredworkloads v1 v1 batch list organizations/*/locations/*/operations/*
assuredworkloads v1beta1 v1beta1 batch list organizations/*/locations/*/operations/*
auditmanager v1 v1 batch list,cancel,delete folders/*/locations/*/operationDetails/* folders/*/locations/*/operationIds/* organizations/*/locations/*/operationDetails/* organizations/*/locations/*/operationIds/* organizations/*/locations/*/operations/* @/operationDetails/* @/operationIds/* @/operations/*
backupdr v1 v1 batch list,cancel,delete @/operations/*
backupdr v1beta v1beta batch list,cancel,delete @/operations/*
baremetalsolution v1 v1 batch list,cancel,delete operations/**
baremetalsolution v2 v2 batch - @/operations/**
batch v1 v1 batch list,cancel,delete @/operations/*
beyondcorp v1 v1 batch list,cancel,delete organizations/*/locations/*/operations/* @/operations/*
beyondcorp v1alpha v1alpha batch list,cancel,delete organizations/*/locations/*/operations/* @/operations/*
bigqueryreservation v1alpha2 v1alpha2 batch cancel @/operations/*
bigtableadmin v2 v2 batch list operations/**
blockchainnodeengine v1 v1 batch list,cancel,delete @/operations/*
certificatemanager v1 v1 batch list,cancel,delete @/operations/*
ces v1 v1 batch list,cancel,delete @/operations/*
ces v1beta v1beta batch list,cancel,delete @/operations/*
checks v1alpha v1alpha batch list,cancel,delete,wait accounts/*/apps/*/operations/* accounts/*/repos/*/operations/*
chromemanagement v1 v1 batch list,cancel,delete customers/*/certificateProvisioningProcesses/*/operations/*
cloudasset v1 v1 batch - */*/operations/*/**
cloudasset v1beta1 v1beta1 batch - folders/*/operations/*/** organizations/*/operations/*/** projects/*/operations/*/**
cloudasset v1p4beta1 v1p4beta1 batch -
cloudasset v1p7beta1 v1p7beta1 batch - */*/operations/*/**
cloudbuild v1 v1 batch cancel operations/** @/operations/*
cloudbuild v1alpha1 v1alpha1 batch cancel @/operations/*
cloudbuild v1alpha2 v1alpha2 batch cancel @/operations/*
cloudbuild v1beta1 v1beta1 batch cancel @/operations/*
cloudbuild v2 v2 batch cancel @/operations/*
cloudchannel v1 v1 batch list,cancel,delete operations/**
clouddeploy v1 v1 batch list,cancel,delete @/operations/*
cloudfunctions v1 v1 batch list operations/*
cloudfunctions v2 v2 batch list @/operations/*
cloudfunctions v2alpha v2alpha batch list @/operations/*
cloudfunctions v2beta v2beta batch list @/operations/*
cloudidentity v1 v1 batch -
cloudidentity v1beta1 v1beta1 batch -
cloudkms v1 v1 batch - @/operations/*
cloudnumberregistry v1alpha v1alpha batch list,cancel,delete organizations/*/locations/*/operations/* @/operations/*
cloudresourcemanager v1 v1 batch - operations/**
cloudresourcemanager v2 v1 batch - operations/**
cloudresourcemanager v2beta1 v1 batch - operations/**
cloudresourcemanager v3 v3 batch - operations/**
cloudscheduler v1 v1 batch list,cancel,delete @/operations/*
cloudscheduler v1beta1 v1beta1 batch list,cancel,delete @/operations/*
cloudsearch v1 v1 batch - operations/**
cloudshell v1 v1 batch list,cancel,delete operations/**
cloudshell v1alpha1 v1alpha1 batch -
cloudtasks v2 v2 batch - @/operations/*
cloudtasks v2beta2 v2beta2 batch - @/operations/*
cloudtasks v2beta3 v2beta3 batch - @/operations/*
composer v1 v1 batch list,delete @/operations/*
composer v1beta1 v1beta1 batch list,delete @/operations/*
compute alpha compute/alpha batch/compute/alpha list,delete,wait folders/*/global/operations/* folders/*/zones/*/operations/* locations/global/operations/* organizations/*/zones/*/operations/* projects/*/global/operations/* projects/*/regions/*/operations/* projects/*/zones/*/operations/*
compute beta compute/beta batch/compute/beta list,delete,wait locations/global/operations/* projects/*/global/operations/* projects/*/regions/*/operations/* projects/*/zones/*/operations/*
compute preview compute/v1 batch/compute/v1 list,delete,wait locations/global/operations/* projects/*/global/operations/* projects/*/regions/*/operations/* projects/*/zones/*/operations/*
compute v1 compute/v1 batch/compute/v1 list,delete,wait locations/global/operations/* projects/*/global/operations/* projects/*/regions/*/operations/* projects/*/zones/*/operations/*
config v1 v1 batch list,cancel,delete @/operations/*
connectors v1 v1 batch list,cancel,delete @/operations/*
contactcenteraiplatform v1alpha1 v1alpha1 batch list,cancel,delete @/operations/*
contactcenterinsights v1 v1 batch list,cancel @/authorizedViewSets/*/authorizedViews/*/operations/* @/operations/*
container v1 v1 batch list,cancel @/operations/* projects/*/zones/*/operations/*
container v1beta1 v1beta1 batch list,cancel @/operations/* projects/*/zones/*/operations/*
containeranalysis v1alpha1 v1alpha1 batch -
contentwarehouse v1 v1 batch - @/operations/*
curationpartners v1 v1 batch - curators/*/reports/*/operations/*
datacatalog v1 v1 batch list,cancel,delete @/operations/*
dataform v1 v1 batch list,cancel,delete @/operations/*
dataform v1beta1 v1beta1 batch list,cancel,delete @/operations/*
datafusion v1 v1 batch list,cancel,delete @/operations/*
datafusion v1beta1 v1beta1 batch list,cancel,delete @/operations/*
datalabeling v1beta1 v1beta1 batch list,cancel,delete projects/*/operations/*
datalineage v1 v1 batch list,cancel,delete @/operations/*
datamigration v1 v1 batch list,cancel,delete @/operations/*
datamigration v1beta1 v1beta1 batch list,cancel,delete @/operations/*
dataplex v1 v1 batch list,cancel,delete organizations/*/locations/*/operations/* @/operations/*
dataproc v1 v1 batch list,cancel,delete @/operations/* projects/*/regions/*/operations/*
dataproc v1beta2 v1beta2 batch list,cancel,delete projects/*/regions/*/operations/*
datastore v1 v1 batch list,cancel,delete projects/*/operations/*
datastore v1beta1 v1beta1 batch -
datastream v1 v1 batch list,cancel,delete @/operations/*
datastream v1alpha1 v1alpha1 batch list,cancel,delete @/operations/*
deploymentmanager alpha deploymentmanager/alpha batch list projects/*/global/operations/*
deploymentmanager v2 deploymentmanager/v2 batch list projects/*/global/operations/*
deploymentmanager v2beta deploymentmanager/v2beta batch list projects/*/global/operations/*
developerconnect v1 v1 batch list,cancel,delete @/operations/*
devicerun v1alpha v1alpha batch list,cancel,delete @/operations/*
dialogflow v2 v2 batch list,cancel @/operations/* projects/*/operations/*
dialogflow v2beta1 v2beta1 batch list,cancel @/operations/* projects/*/operations/*
dialogflow v3 v3 batch list,cancel @/operations/* projects/*/operations/*
dialogflow v3beta1 v3beta1 batch list,cancel @/operations/* projects/*/operations/*
discoveryengine v1 v1 batch list,cancel @/collections/*/dataConnector/operations/* @/collections/*/dataStores/*/branches/*/operations/* @/collections/*/dataStores/*/models/*/operations/* @/collections/*/dataStores/*/operations/* @/collections/*/dataStores/*/schemas/*/operations/* @/collections/*/dataStores/*/siteSearchEngine/operations/* @/collections/*/dataStores/*/siteSearchEngine/targetSites/operations/* @/collections/*/engines/*/assistants/*/agents/*/operations/* @/collections/*/engines/*/operations/* @/collections/*/operations/* @/dataStores/*/branches/*/operations/* @/dataStores/*/models/*/operations/* @/dataStores/*/operations/* @/identityMappingStores/*/operations/* @/operations/* @/podcasts/*/operations/* projects/*/operations/*
discoveryengine v1alpha v1alpha batch list,cancel @/collections/*/dataConnector/operations/* @/collections/*/dataStores/*/branches/*/operations/* @/collections/*/dataStores/*/models/*/operations/* @/collections/*/dataStores/*/operations/* @/collections/*/dataStores/*/schemas/*/operations/* @/collections/*/dataStores/*/siteSearchEngine/operations/* @/collections/*/dataStores/*/siteSearchEngine/targetSites/operations/* @/collections/*/engines/*/assistants/*/agents/*/operations/* @/collections/*/engines/*/collaborativeProjects/*/knowledgeSpaces/*/operations/* @/collections/*/engines/*/operations/* @/collections/*/engines/*/sessions/*/alphaEvolveExperiments/*/operations/* @/collections/*/engines/*/sessions/*/operations/* @/collections/*/operations/* @/dataStores/*/branches/*/operations/* @/dataStores/*/models/*/operations/* @/dataStores/*/operations/* @/evaluations/*/operations/* @/identityMappingStores/*/operations/* @/operations/* @/podcasts/*/operations/* @/sampleQuerySets/*/operations/* @/userStores/*/operations/* projects/*/operations/*
discoveryengine v1beta v1beta batch list,cancel @/collections/*/dataConnector/operations/* @/collections/*/dataStores/*/branches/*/operations/* @/collections/*/dataStores/*/models/*/operations/* @/collections/*/dataStores/*/operations/* @/collections/*/dataStores/*/schemas/*/operations/* @/collections/*/dataStores/*/siteSearchEngine/operations/* @/collections/*/dataStores/*/siteSearchEngine/targetSites/operations/* @/collections/*/engines/*/assistants/*/agents/*/operations/* @/collections/*/engines/*/operations/* @/collections/*/operations/* @/dataStores/*/branches/*/operations/* @/dataStores/*/models/*/operations/* @/dataStores/*/operations/* @/evaluations/*/operations/* @/identityMappingStores/*/operations/* @/operations/* @/podcasts/*/operations/* @/sampleQuerySets/*/operations/* projects/*/operations/*
displayvideo v1 v1 batch - sdfdownloadtasks/operations/*
displayvideo v2 v2 batch - sdfdownloadtasks/operations/*
displayvideo v3 v3 batch - sdfdownloadtasks/operations/*
displayvideo v4 v4 batch - sdfdownloadtasks/operations/* sdfuploadtasks/operations/*
documentai v1 v1 batch list,cancel,delete @/operations/* projects/*/operations/*
documentai v1beta2 v1beta2 batch - @/operations/* projects/*/operations/*
documentai v1beta3 v1beta3 batch list,cancel @/operations/*
domains v1 v1 batch list @/operations/*
domains v1alpha2 v1alpha2 batch list @/operations/*
domains v1beta1 v1beta1 batch list @/operations/*
eventarc v1 v1 batch list,cancel,delete @/operations/*
eventarc v1beta1 v1beta1 batch list,cancel,delete @/operations/*
file v1 v1 batch list,cancel,delete @/operations/*
file v1beta1 v1beta1 batch list,cancel,delete @/operations/*
firebase v1beta1 v1beta1 batch - operations/**
firebaseappdistribution v1 v1 batch list,cancel,delete,wait projects/*/apps/*/releases/*/operations/*
firebaseapphosting v1 v1 batch list,cancel,delete @/operations/*
firebaseapphosting v1beta v1beta batch list,cancel,delete @/operations/*
firebasedataconnect v1 v1 batch list,cancel,delete @/operations/*
firebasedataconnect v1beta v1beta batch list,cancel,delete @/operations/*
firebasehosting v1beta1 v1beta1 batch list projects/*/operations/* projects/*/sites/*/customDomains/*/operations/*
firebaseml v1beta2 v1beta2 batch - projects/*/operations/*
firestore v1 v1 batch list,cancel,delete projects/*/databases/*/operations/*
firestore v1beta1 v1beta1 batch -
firestore v1beta2 v1beta2 batch -
ftp v1 v1 batch list,cancel,delete @/operations/*
ftp v1alpha v1alpha batch list,cancel,delete @/operations/*
gameservices v1 v1 batch list,cancel,delete @/operations/*
gameservices v1beta v1beta batch list,cancel,delete @/operations/*
genomics v1alpha2 v1alpha2 batch list,cancel operations/**
genomics v2alpha1 v2alpha1 batch list,cancel projects/*/operations/*
gkebackup v1 v1 batch list,cancel,delete @/operations/*
gkehub v1 v1 batch list,cancel,delete @/operations/*
gkehub v1alpha v1alpha batch list,cancel,delete @/operations/*
gkehub v1alpha2 v1alpha2 batch list,cancel,delete @/operations/*
gkehub v1beta v1beta batch list,cancel,delete @/operations/*
gkehub v1beta1 v1beta1 batch list,cancel,delete @/operations/*
gkehub v2 v2 batch list,cancel @/operations/*
gkehub v2alpha v2alpha batch list,cancel @/operations/*
gkehub v2beta v2beta batch list,cancel @/operations/*
gkeonprem v1 v1 batch list,cancel,delete @/bareMetalAdminClusters/*/operations/* @/bareMetalClusters/*/bareMetalNodePools/*/operations/* @/bareMetalClusters/*/operations/* @/operations/* @/vmwareAdminClusters/*/operations/* @/vmwareClusters/*/operations/* @/vmwareClusters/*/vmwareNodePools/*/operations/*
health v4 v4 batch -
health v4beta v4beta batch -
healthcare v1 v1 batch list,cancel @/datasets/*/operations/*
healthcare v1beta1 v1beta1 batch list,cancel @/datasets/*/operations/*
hypercomputecluster v1 v1 batch list,cancel,delete @/operations/*
iam v1 v1 batch - locations/*/workforcePools/*/operations/* locations/*/workforcePools/*/providers/*/keys/*/operations/* locations/*/workforcePools/*/providers/*/operations/* locations/*/workforcePools/*/subjects/*/operations/* @/workloadIdentityPools/*/namespaces/*/managedIdentities/*/operations/* @/workloadIdentityPools/*/namespaces/*/managedIdentities/*/workloadSources/*/operations/* @/workloadIdentityPools/*/namespaces/*/operations/* @/workloadIdentityPools/*/operations/* @/workloadIdentityPools/*/providers/*/keys/*/operations/* @/workloadIdentityPools/*/providers/*/operations/*
iam v2 v2 batch - policies/*/*/*/operations/*
iam v2beta v2beta batch - policies/*/*/*/operations/*
ids v1 v1 batch list,cancel,delete @/operations/*
jobs v3p1beta1 v3p1beta1 batch - projects/*/operations/*
jobs v4 v4 batch - projects/*/operations/*
lifesciences v2beta v2beta batch list,cancel @/operations/*
logging v2 v2 batch list,cancel */*/locations/*/operations/* billingAccounts/*/locations/*/operations/* folders/*/locations/*/operations/* organizations/*/locations/*/operations/* @/operations/*
looker v1 v1 batch list,cancel,delete @/operations/*
managedidentities v1 v1 batch list,cancel,delete projects/*/locations/global/operations/*
managedidentities v1alpha1 v1alpha1 batch list,cancel,delete projects/*/locations/global/operations/*
managedidentities v1beta1 v1beta1 batch list,cancel,delete projects/*/locations/global/operations/*
managedkafka v1 v1 batch list,cancel,delete @/operations/*
memcache v1 v1 batch list,cancel,delete @/operations/*
memcache v1beta2 v1beta2 batch list,cancel,delete @/operations/*
metastore v1 v1 batch list,cancel,delete @/operations/*
metastore v1alpha v1alpha batch list,cancel,delete @/operations/*
metastore v1beta v1beta batch list,cancel,delete @/operations/*
metastore v2 v2 batch -
metastore v2alpha v2alpha batch -
metastore v2beta v2beta batch -
migrationcenter v1 v1 batch list,cancel,delete @/operations/*
migrationcenter v1alpha1 v1alpha1 batch list,cancel,delete @/operations/*
ml v1 v1 batch list,cancel @/operations/* projects/*/operations/*
monitoring v1 v1 batch - operations/**
netapp v1 v1 batch list,cancel,delete @/operations/*
netapp v1beta1 v1beta1 batch list,cancel,delete @/operations/*
networkconnectivity v1 v1 batch list,cancel,delete @/operations/*
networkconnectivity v1alpha1 v1alpha1 batch list,cancel,delete @/operations/*
networkmanagement v1 v1 batch list,cancel,delete organizations/*/locations/global/operations/* projects/*/locations/global/operations/*
networkmanagement v1beta1 v1beta1 batch list,cancel,delete organizations/*/locations/global/operations/* projects/*/locations/global/operations/*
networksecurity v1 v1 batch list,cancel,delete organizations/*/locations/*/operations/* @/operations/*
networksecurity v1beta1 v1beta1 batch list,cancel,delete organizations/*/locations/*/operations/* @/operations/*
networkservices v1 v1 batch list,cancel,delete @/operations/*
networkservices v1beta1 v1beta1 batch list,cancel,delete @/operations/*
notebooks v1 v1 batch list,cancel,delete @/operations/*
notebooks v2 v2 batch list,cancel,delete @/operations/*
observability v1 v1 batch list,cancel,delete folders/*/locations/*/operations/* organizations/*/locations/*/operations/* @/operations/*
ondemandscanning v1 v1 batch list,cancel,delete,wait @/operations/*
ondemandscanning v1beta1 v1beta1 batch list,cancel,delete,wait @/operations/*
oracledatabase v1 v1 batch list,cancel,delete @/operations/*
osconfig v1 v1 batch cancel @/osPolicyAssignments/*/operations/*
osconfig v1alpha v1alpha batch cancel @/osPolicyAssignments/*/operations/*
osconfig v2 v2 batch list,cancel,delete folders/*/locations/*/operations/* organizations/*/locations/*/operations/* @/operations/*
osconfig v2beta v2beta batch list,cancel,delete folders/*/locations/*/operations/* organizations/*/locations/*/operations/* @/operations/*
parallelstore v1 v1 batch list,cancel,delete @/operations/*
parallelstore v1beta v1beta batch list,cancel,delete @/operations/*
policysimulator v1 v1 batch list folders/*/locations/*/accessPolicySimulations/*/operations/** folders/*/locations/*/orgPolicyViolationsPreviews/*/operations/** folders/*/locations/*/replays/*/operations/** operations/** organizations/*/locations/*/accessPolicySimulations/*/operations/** organizations/*/locations/*/orgPolicyViolationsPreviews/*/operations/** organizations/*/locations/*/replays/*/operations/** @/accessPolicySimulations/*/operations/** @/orgPolicyViolationsPreviews/*/operations/** @/replays/*/operations/**
policysimulator v1alpha v1alpha batch list folders/*/locations/*/accessPolicySimulations/*/operations/** folders/*/locations/*/orgPolicyViolationsPreviews/*/operations/** folders/*/locations/*/replays/*/operations/** operations/** organizations/*/locations/*/accessPolicySimulations/*/operations/** organizations/*/locations/*/orgPolicyViolationsPreviews/*/operations/** organizations/*/locations/*/replays/*/operations/** @/accessPolicySimulations/*/operations/** @/orgPolicyViolationsPreviews/*/operations/** @/replays/*/operations/**
policysimulator v1beta v1beta batch list folders/*/locations/*/accessPolicySimulations/*/operations/** folders/*/locations/*/orgPolicyViolationsPreviews/*/operations/** folders/*/locations/*/replays/*/operations/** operations/** organizations/*/locations/*/accessPolicySimulations/*/operations/** organizations/*/locations/*/orgPolicyViolationsPreviews/*/operations/** organizations/*/locations/*/replays/*/operations/** @/accessPolicySimulations/*/operations/** @/orgPolicyViolationsPreviews/*/operations/** @/replays/*/operations/**
policysimulator v1beta1 v1beta1 batch list folders/*/locations/*/orgPolicyViolationsPreviews/*/operations/** folders/*/locations/*/replays/*/operations/** operations/** organizations/*/locations/*/orgPolicyViolationsPreviews/*/operations/** organizations/*/locations/*/replays/*/operations/** @/orgPolicyViolationsPreviews/*/operations/** @/replays/*/operations/**
privateca v1 v1 batch list,cancel,delete @/operations/*
privateca v1beta1 v1beta1 batch list,cancel,delete @/operations/*
prod-tt-sasportal v1alpha1 v1alpha1 batch -
pubsublite v1 v1/admin batch list,cancel,delete @/operations/*
rapidmigrationassessment v1 v1 batch list,cancel,delete @/operations/*
recommendationengine v1beta1 v1beta1 batch list @/catalogs/*/eventStores/*/operations/* @/catalogs/*/operations/*
redis v1 v1 batch list,cancel,delete @/operations/*
redis v1beta1 v1beta1 batch list,cancel,delete @/operations/*
remotebuildexecution v1 v1 batch list,cancel,delete projects/*/operations/*
remotebuildexecution v2 v2 batch -
retail v2 v2 batch list @/catalogs/*/branches/*/operations/* @/catalogs/*/operations/* @/operations/* projects/*/operations/*
retail v2alpha v2alpha batch list @/catalogs/*/branches/*/operations/* @/catalogs/*/branches/*/places/*/operations/* @/catalogs/*/operations/* @/operations/* projects/*/operations/*
retail v2beta v2beta batch list @/catalogs/*/branches/*/operations/* @/catalogs/*/operations/* @/operations/* projects/*/operations/*
run v1 v1 batch list,delete,wait @/operations/*
run v2 v2 batch list,delete,wait @/operations/*
runtimeconfig v1beta1 v1beta1 batch - projects/*/configs/*/operations/** projects/*/configs/*/waiters/*
sasportal v1alpha1 v1alpha1 batch -
searchads360 v23 v23 batch -
securesourcemanager v1 v1 batch list,cancel,delete @/operations/*
securitycenter v1 v1 batch list,cancel,delete organizations/*/operations/*
securitycenter v1beta1 v1beta1 batch list,cancel,delete organizations/*/operations/*
securityposture v1 v1 batch list,cancel,delete organizations/*/locations/*/operations/*
serviceconsumermanagement v1 v1 batch list,cancel,delete operations/*
serviceconsumermanagement v1beta1 v1beta1 batch - operations/*
servicemanagement v1 v1 batch list operations/**
servicenetworking v1 v1 batch list,cancel,delete operations/*
servicenetworking v1beta v1beta batch - operations/*
serviceusage v1 v1 batch list,cancel,delete operations/*
serviceusage v1beta1 v1beta1 batch list operations/*
sourcerepo v1 v1 batch -
spanner v1 v1 batch list,cancel,delete projects/*/instanceConfigs/*/operations/* projects/*/instanceConfigs/*/ssdCaches/*/operations/* projects/*/instances/*/backups/*/operations/* projects/*/instances/*/databases/*/operations/* projects/*/instances/*/instancePartitions/*/operations/* projects/*/instances/*/operations/*
speech v1 v1 batch list operations/**
speech v1p1beta1 v1p1beta1 batch list operations/**
speech v2beta1 v2beta1 batch list @/operations/*
sqladmin v1 v1 batch list,cancel projects/*/operations/*
sqladmin v1beta4 sql/v1beta4 batch list,cancel projects/*/operations/*
storage v1 storage/v1 batch/storage/v1 list,cancel b/*/operations/*
storagebatchoperations v1 v1 batch list,cancel,delete @/operations/*
storagetransfer v1 v1 batch list,cancel transferOperations/**
streetviewpublish v1 v1 batch - photoSequence/*
texttospeech v1 v1 batch list,cancel,delete @/operations/*
texttospeech v1beta1 v1beta1 batch list @/operations/*
threatintelligence v1beta v1beta batch -
tpu v1 v1 batch list,cancel,delete @/operations/*
tpu v1alpha1 v1alpha1 batch list,cancel,delete @/operations/*
tpu v2 v2 batch list,cancel,delete @/operations/*
tpu v2alpha1 v2alpha1 batch list,cancel,delete @/operations/*
translation v3 v3 batch list,cancel,delete,wait @/operations/*
translation v3beta1 v3beta1 batch list,cancel,delete,wait @/operations/*
vault v1 v1 batch list,cancel,delete operations/**
videointelligence v1 v1 batch list,cancel,delete @/operations/*
videointelligence v1beta2 v1beta2 batch -
videointelligence v1p1beta1 v1p1beta1 batch -
videointelligence v1p2beta1 v1p2beta1 batch -
videointelligence v1p3beta1 v1p3beta1 batch -
vision v1 v1 batch list,cancel,delete locations/*/operations/* operations/* @/operations/* projects/*/operations/*
vision v1p1beta1 v1p1beta1 batch -
vision v1p2beta1 v1p2beta1 batch -
vmmigration v1 v1 batch list,cancel,delete @/operations/*
vmmigration v1alpha1 v1alpha1 batch list,cancel,delete @/operations/*
vmwareengine v1 v1 batch list,delete @/operations/*
vpcaccess v1 v1 batch list @/operations/*
vpcaccess v1beta1 v1beta1 batch list @/operations/*
webrisk v1 v1 batch list,cancel,delete projects/*/operations/*
workflows v1 v1 batch list,delete @/operations/*
workflows v1beta v1beta batch list,delete @/operations/*
workloadmanager v1 v1 batch list,cancel,delete @/operations/*
workspaceevents v1 v1 batch - operations/**
workstations v1 v1 batch list,cancel,delete @/operations/*
workstations v1beta v1beta batch list,cancel,delete @/operations/*
www v3 drive/v3 batch/drive/v3 - operations/*
`

/** The facts of {@link LINES}. */
export const DISCOVERY_FACTS: readonly DiscoveryFacts[] = LINES.trim()
  .split('\n')
  .map((line) => {
    const [host = '', version = '', path = '', batchPath = '', verbs = '', ...names] = line.split(' ')
    return {
      host,
      version,
      path,
      batchPath,
      verbs: verbs === '-' ? [] : verbs.split(','),
      names: names.map((name) => name.replace('@', 'projects/*/locations/*')),
    }
  })
