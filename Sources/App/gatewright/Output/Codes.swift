import AWSProvider
import Applying
import ControlPlane
import DataPlane
import Diagnostics
import Forges
import Functions
import GitSource
import IAMPolicy
import JSON
import Manifests
import MappingTemplates
import OpenAPI
import Planning
import Reconciling
import RequestModels
import Resources
import SigV4
import Storage
import YAML

extension Catalogue {
    /// Every code that this program can print.
    static let all = Catalogue([
        CommandFailure.Code.self, DataDirectoryFailure.Code.self, OutgoingFailure.Code.self,
        ConfigurationCode.self, TLSFailure.Code.self, ProviderFailure.Code.self, CredentialsFailure.Code.self,
        JSONFailure.Code.self,
        GitFailure.Code.self, TreeFailure.Code.self, ApplyFailure.Code.self, JournalFailure.Code.self,
        LeaseFailure.Code.self, PlanningFailure.Code.self, PlanFinding.self, DriftFinding.self,
        RevisionFailure.Code.self,
        ReconcilingFailure.Code.self, StorageFailure.Code.self, TemplateFailure.Code.self, OpenAPICode.self,
        ModelFailure.Code.self, YAMLCode.self,
        ManifestCode.self, ConfigurationProblem.self, SignatureFailure.Code.self,
        WebhookFailure.Code.self, ForgeFailure.Code.self, DataPlaneFailure.Code.self, EngineFailure.Code.self,
        PolicyCode.self, FunctionsFailure.Code.self,
    ])
}
