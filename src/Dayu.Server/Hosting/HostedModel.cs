using Dayu.Hub;
using Dayu.Inference;
using Dayu.Models;
using Dayu.Tensors;

namespace Dayu.Server;

/// <summary>A model in memory. All that is computed with it is computed by one thread: its engine's, where it goes on with texts.</summary>
public sealed class HostedModel : IDisposable
{
    readonly Pretrained model;
    readonly Engine? engine;
    readonly SemaphoreSlim turn = new(1);                            // of an encoder, which has no engine
    EmbeddingModel? embedding;

    /// <summary>Loads a model and begins to wait for requests.</summary>
    internal HostedModel(ModelOffer offer, TimeProvider clock)
    {
        (Name, Created, CacheFormat, model) = (offer.Name, offer.Created, offer.Cache, offer.Open());
        try
        {
            var limits = offer.Limits with { Context = offer.Limits.Context is { } n ? Math.Min(n, model.Context) : null };
            engine = model.Net is ICausalLm ? new(model, limits, clock, offer.Cache) : null;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>When it came here.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>Number format of keys and values of past tokens; null: the one the backend likes.</summary>
    public DType? CacheFormat { get; }

    /// <summary>Tokenizer and template: any thread may ask.</summary>
    public TextParts Text => model.Text;

    /// <summary>For those who look at its text; nobody computes with it but through <see cref="Between"/>.</summary>
    public Pretrained Pretrained => model;

    /// <summary>Who answers.</summary>
    /// <exception cref="NotSupportedException">The model does not go on with texts.</exception>
    public Engine Engine => engine ?? throw new NotSupportedException(
        $"{Name} does not go on with texts: it turns them into vectors, which /v1/embeddings gives");

    /// <summary>How busy it is; null: it does not go on with texts.</summary>
    public EngineLoad? Load => engine?.Load;

    /// <summary>Tokens that fit into one text.</summary>
    public int Context => engine?.Context ?? model.Context;

    /// <summary>
    /// Computes something with the model, when it has a moment. Who leaves earlier leaves it to be computed: what it uses must stay.
    /// </summary>
    public async Task<T> Between<T>(Func<Pretrained, T> what, CancellationToken cancel = default)
    {
        if (engine is not null) return await engine.Between(what).WaitAsync(cancel).ConfigureAwait(false);
        await turn.WaitAsync(cancel).ConfigureAwait(false);
        try { return await Task.Run(() => what(model), cancel).ConfigureAwait(false); }
        finally { turn.Release(); }
    }

    /// <summary>The same, with what turns texts into vectors.</summary>
    public Task<T> Embedding<T>(Func<EmbeddingModel, T> what, CancellationToken cancel) =>
        Between(m => what(embedding ??= new(m)), cancel);

    /// <summary>Ends all answers and frees the memory.</summary>
    public void Dispose()
    {
        engine?.Dispose();
        turn.Wait();                                                 // what is being computed needs the model
        turn.Dispose();
        embedding?.Dispose();
        model.Dispose();
    }
}
