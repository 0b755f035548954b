namespace Dayu.Server;

/// <summary>
/// The models of a server. One is loaded when it is first asked for, kept while it is used and some time longer, and given up then, or
/// when another needs the memory.
/// </summary>
/// <param name="offers">What can be asked for; looked at each time.</param>
/// <param name="clock">Measures how long a model was not used.</param>
/// <param name="free">Bytes of memory that are free.</param>
/// <param name="keepAlive">How long a model stays after its last use; null: for good.</param>
public sealed class ModelHost(
    Func<IReadOnlyList<ModelOffer>> offers, TimeProvider clock, Func<long> free, TimeSpan? keepAlive = null) : IAsyncDisposable
{
    sealed class Slot
    {
        public required Task<HostedModel> Model { get; init; }

        public int Users { get; set; }

        public ITimer? Timer { get; set; }

        /// <summary>When it will be given up; null: while it is used, or never.</summary>
        public DateTimeOffset? Until { get; set; }
    }

    readonly Lock gate = new();
    readonly Dictionary<string, Slot> slots = [];
    readonly SemaphoreSlim loading = new(1);
    Task unloading = Task.CompletedTask, unwanted = Task.CompletedTask;
    bool ended;

    /// <summary>What can be asked for.</summary>
    public IReadOnlyList<ModelOffer> Offers => offers();

    /// <summary>Models in memory, and those that are being loaded.</summary>
    public IReadOnlyList<ModelState> Loaded
    {
        get
        {
            lock (gate)
                return [.. slots.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new ModelState(
                    s.Key, s.Value.Model.IsCompletedSuccessfully ? s.Value.Model.Result : null, s.Value.Users, s.Value.Until))];
        }
    }

    /// <summary>The offer of that name; null: there is none. Without a name it is the only one, or the first in memory.</summary>
    public ModelOffer? Find(string? name)
    {
        var all = Offers;
        if (name is not null)
            return all.FirstOrDefault(o => o.Name == name)
                ?? all.FirstOrDefault(o => string.Equals(o.Name, name, StringComparison.OrdinalIgnoreCase));
        if (all is [var only]) return only;
        lock (gate) return all.FirstOrDefault(o => slots.ContainsKey(o.Name));
    }

    /// <summary>A model to use, loaded where it is not; it stays until the lease is given back.</summary>
    /// <exception cref="ModelMemoryException">There is no room for it.</exception>
    /// <exception cref="ObjectDisposedException">The server has ended.</exception>
    public async Task<ModelLease> Use(ModelOffer offer, CancellationToken cancel = default)
    {
        Slot slot;
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(ended, this);
            if (!slots.TryGetValue(offer.Name, out slot!) || slot.Model.IsFaulted)
                slots[offer.Name] = slot = new() { Model = Task.Run(() => Load(offer), CancellationToken.None) };
            slot.Users++;
            Stay(slot);
        }
        try
        {
            return new(await slot.Model.WaitAsync(cancel).ConfigureAwait(false), time => Release(offer.Name, slot, time ?? keepAlive));
        }
        catch
        {
            Release(offer.Name, slot, keepAlive);
            throw;
        }
    }

    async Task<HostedModel> Load(ModelOffer offer)
    {
        await loading.WaitAsync().ConfigureAwait(false);
        try
        {
            var bytes = offer.Bytes();
            while (true)
            {
                Task before;
                lock (gate) before = unloading;
                await before.ConfigureAwait(false);
                if (bytes <= free()) return new(offer, clock);
                if (!UnloadIdle()) throw new ModelMemoryException(offer.Name, bytes, free(), IsAnyUsed(offer.Name));
            }
        }
        finally { loading.Release(); }
    }

    bool IsAnyUsed(string but)
    {
        lock (gate) return slots.Any(s => s.Key != but && s.Value.Users > 0);
    }

    /// <summary>Gives up the model that would be given up first.</summary>
    bool UnloadIdle()
    {
        lock (gate)
        {
            var idle = slots.Where(s => s.Value is { Users: 0, Model.IsCompleted: true }).ToArray();
            if (idle.Length == 0) return false;
            var (name, slot) = idle.MinBy(s => s.Value.Until ?? DateTimeOffset.MaxValue);
            Unload(name, slot);
            return true;
        }
    }

    void Release(string name, Slot slot, TimeSpan? keep)
    {
        lock (gate)
        {
            slot.Users--;
            if (slots.GetValueOrDefault(name) != slot) return;       // it is gone already
            if (slot.Model.IsFaulted) slots.Remove(name);
            else if (slot.Users == 0) Leave(name, slot, keep);
        }
    }

    static void Stay(Slot slot)
    {
        slot.Timer?.Dispose();
        (slot.Timer, slot.Until) = (null, null);
    }

    void Leave(string name, Slot slot, TimeSpan? keep)
    {
        Stay(slot);
        if (keep is not { } time || time == TimeSpan.MaxValue) return;
        if (time <= TimeSpan.Zero)
        {
            Unload(name, slot);
            return;
        }
        var until = clock.GetUtcNow() + time;
        slot.Until = until;
        slot.Timer = clock.CreateTimer(_ => Expire(name, slot, until), null, time, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Its time is up, if it was not used meanwhile.</summary>
    void Expire(string name, Slot slot, DateTimeOffset until)
    {
        lock (gate)
            if (slot.Until == until && slots.GetValueOrDefault(name) == slot) Unload(name, slot);
    }

    /// <summary>Gives a model up; who uses it sees its answers end.</summary>
    /// <returns>Whether it was in memory.</returns>
    public async Task<bool> Unload(string name)
    {
        Task gone;
        lock (gate)
        {
            if (!slots.TryGetValue(name, out var slot)) return false;
            gone = Unload(name, slot);
        }
        await gone.ConfigureAwait(false);
        return true;
    }

    Task Unload(string name, Slot slot)
    {
        Stay(slot);
        slots.Remove(name);
        if (slot.Model.IsCompleted) return unloading = After(unloading, slot);
        var late = After(Task.CompletedTask, slot);                  // what waits for others to go must not wait for itself
        unwanted = Task.WhenAll(unwanted, late);
        return late;

        static async Task After(Task before, Slot slot)
        {
            await before.ConfigureAwait(false);
            try
            {
                var model = await slot.Model.ConfigureAwait(false);
                await Task.Run(model.Dispose).ConfigureAwait(false);
            }
            catch (Exception) when (slot.Model.IsFaulted) { }        // who wanted it was told
        }
    }

    /// <summary>Gives all models up.</summary>
    public async ValueTask DisposeAsync()
    {
        Task gone;
        lock (gate)
        {
            ended = true;
            foreach (var (name, slot) in slots.ToArray()) Unload(name, slot);
            gone = Task.WhenAll(unloading, unwanted);
        }
        await gone.ConfigureAwait(false);
    }
}

/// <summary>A model of a server.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Model">The model; null: it is being loaded.</param>
/// <param name="Users">Requests that use it.</param>
/// <param name="Until">When it will be given up; null: while it is used, or never.</param>
public sealed record ModelState(string Name, HostedModel? Model, int Users, DateTimeOffset? Until);

/// <summary>The use of a model, until it is given back.</summary>
/// <param name="model">The model.</param>
/// <param name="release">Gives it back.</param>
public sealed class ModelLease(HostedModel model, Action<TimeSpan?> release) : IDisposable
{
    Action<TimeSpan?>? release = release;

    /// <summary>The model.</summary>
    public HostedModel Model => model;

    /// <summary>How long it is to stay after this use; null: as the server says. <see cref="TimeSpan.MaxValue"/>: for good.</summary>
    public TimeSpan? KeepAlive { get; set; }

    /// <summary>Gives it back.</summary>
    public void Dispose() => Interlocked.Exchange(ref release, null)?.Invoke(KeepAlive);
}

/// <summary>A model does not fit into memory.</summary>
/// <param name="name">Which.</param>
/// <param name="needed">Bytes that it takes.</param>
/// <param name="free">Bytes that are free.</param>
/// <param name="othersUsed">Whether others that are used now take memory.</param>
public sealed class ModelMemoryException(string name, long needed, long free, bool othersUsed)
    : Exception($"{name} takes {needed >> 20} MiB with its cache, {free >> 20} MiB are free")
{
    /// <summary>Whether it may fit later, when others are no longer used.</summary>
    public bool MayFitLater => othersUsed;
}
