/// What a target has of some kinds, whether anybody declared it or not.
package struct TargetInventory: Sendable {
    package struct Item: Sendable {
        package var kind: ResourceKind
        /// What people know it by on the target; not always unique.
        package var name: String
        /// Normal form with physical values; what only a write takes, such as a secret, is not in it.
        package var object: ObservedObject
        /// Nil for what no environment owns.
        package var marker: OwnedObject.Marker?
        /// Who keeps it in order where that is not the account's owner; a few words such as "a service of AWS".
        package var keeper: String?

        package init(
            kind: ResourceKind, name: String, object: ObservedObject, marker: OwnedObject.Marker? = nil,
            keeper: String? = nil
        ) {
            self.kind = kind
            self.name = name
            self.object = object
            self.marker = marker
            self.keeper = keeper
        }
    }

    /// In the order of kind, name and physical id.
    package var items: [Item]
    /// Kinds that the target does not offer.
    package var missing: [ResourceKind]

    package init(items: [Item], missing: [ResourceKind] = []) {
        self.items = items
        self.missing = missing
    }
}

/// Everybody's permissions, as the account of a target has them.
package struct AccountPolicies: Sendable {
    /// Twelve digits; nil where the target does not say.
    package var account: String?
    package var partition: String
    package var region: String
    /// Users, groups, roles and policies by their names; policies of AWS, which are there if they are attached, by their
    /// ARNs. Policies in their default version. Fields that say nothing about access may be absent.
    package var objects: [Address: ObservedObject]

    package init(account: String?, partition: String, region: String, objects: [Address: ObservedObject]) {
        self.account = account
        self.partition = partition
        self.region = region
        self.objects = objects
    }
}
