# What `make run` and `make smoke` share: a configuration repository of its own, the backend, and the server.
# Sourced, not run. Needs: $root (the project), $demo (the repository's folder).

swift=${SWIFT:-swift}
children=()

demo_build() {
    "$root/scripts/build" >&2
    bin=$(cd "$root" && "$swift" build --show-bin-path)
    gatewright=$bin/gatewright
}

# free_port WANTED: WANTED if nothing listens there, else 0, which takes a free one.
free_port() {
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
        echo "port $1 is taken: using a free one" >&2
        echo 0
    else
        echo "$1"
    fi
}

# The configuration is a repository with its own identity, so that `git commit` works in an empty HOME.
demo_repository() {
    if [ -d "$demo/.git" ]; then return; fi
    mkdir -p "$demo"
    cp -R "$root/manifests/." "$demo/"
    git -C "$demo" init --quiet --initial-branch=main
    git -C "$demo" config user.name "Gatewright demo"
    git -C "$demo" config user.email "demo@localhost"
    git -C "$demo" config commit.gpgsign false
    grep -qx '.gatewright/' "$demo/.gitignore" 2>/dev/null || echo '.gatewright/' >>"$demo/.gitignore"
    git -C "$demo" add --all
    git -C "$demo" commit --quiet --message "Start with the pet store, its people and a function"
}

demo_backend() {
    local log=$demo/.gatewright/petstore-stub.log
    mkdir -p "$demo/.gatewright"
    chmod 700 "$demo/.gatewright"
    : >"$log"
    "$bin/petstore-stub" --port "$(free_port 19090)" >"$log" 2>&1 &
    children+=($!)
    backend=
    for _ in $(seq 100); do
        backend=$(sed -nE 's#.*listening on (http://[^ ]+).*#\1#p' "$log" | head -n 1)
        [ -n "$backend" ] && break
        sleep 0.1
    done
    [ -n "$backend" ] || { echo "petstore-stub did not start:" >&2; cat "$log" >&2; exit 1; }
    # The backend's address is part of the configuration: another port is another commit.
    if ! grep -qF "petstore: $backend" "$demo/gatewright.yaml"; then
        sed -i -E "s#petstore: *\"?http://127\.0\.0\.1:[0-9]+\"?#petstore: $backend#" "$demo/gatewright.yaml"
        git -C "$demo" commit --quiet --all --message "Use the backend at $backend"
    fi
}

# demo_serve OPTIONS...: starts the server and waits until it listens.
demo_serve() {
    rm -f "$demo/.gatewright/listeners.json"
    "$gatewright" serve --repo "$demo" --ref main --interval 2s --enable-functions \
        --management-listen "127.0.0.1:$(free_port 4600)" --data-listen "127.0.0.1:$(free_port 8080)" \
        --listen "127.0.0.1:$(free_port 4601)" "$@" >"$demo/.gatewright/serve.log" 2>&1 &
    server=$!
    children+=("$server")
    for _ in $(seq 300); do
        [ -s "$demo/.gatewright/listeners.json" ] && break
        kill -0 "$server" 2>/dev/null || { echo "gatewright serve ended:" >&2; cat "$demo/.gatewright/serve.log" >&2; exit 1; }
        sleep 0.1
    done
    controller=http://$(listener controller)
    data=http://$(listener data)
    management=http://$(listener management)
}

listener() { sed -nE "s/.*\"$1\": *\"([^\"]+)\".*/\1/p" "$demo/.gatewright/listeners.json"; }

# demo_url [API]: the address of an API's stage, once it is deployed; of the pet store by default.
demo_url() {
    local url api=${1:-petstore}
    for _ in $(seq 300); do
        url=$("$gatewright" show "RestApi/$api" --data-dir "$demo/.gatewright" 2>/dev/null |
            sed -nE 's#^ *(http://[^ ]+/test/?)$#\1#p' | head -n 1)
        if [ -n "$url" ]; then
            echo "${url%/}"
            return
        fi
        sleep 0.1
    done
    echo "the API $api was not deployed; the server said:" >&2
    cat "$demo/.gatewright/serve.log" >&2
    return 1
}

# SIGINT is ignored by children that a script starts in the background, so they are ended by SIGTERM.
demo_end() {
    trap - EXIT INT TERM
    local child
    for child in "${children[@]}"; do kill -TERM "$child" 2>/dev/null || true; done
    for child in "${children[@]}"; do wait "$child" 2>/dev/null || true; done
}
