package import Resources

/// What a target was asked for, and what it has of it.
///
/// An address that was asked for and is not among the objects does not exist on the target.
package struct ObservedState: Sendable {
    /// What was read: only these addresses, and what else is inside ``roots``, are compared with the target.
    package var addresses: Set<Address>
    /// Manifest names whose whole definition was read.
    package var roots: Set<String>
    package var objects: [Address: ObservedObject]
    /// Addresses that an apply of this environment left in doubt: what is found there is of its making, recorded or not.
    package var doubted: Set<Address> = []

    package init(addresses: Set<Address>, roots: Set<String> = [], objects: [Address: ObservedObject]) {
        self.addresses = addresses
        self.roots = roots
        self.objects = objects
    }

    /// The reply to `observation`.
    package init(_ observation: Observation, objects: [Address: ObservedObject], doubted: Set<Address> = []) {
        self.init(addresses: Set(observation.addresses), roots: observation.roots, objects: objects)
        self.doubted = doubted
    }
}
