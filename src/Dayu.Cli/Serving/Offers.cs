using Dayu.Hub;
using Dayu.Inference;
using Dayu.Server;
using Dayu.Tensors;

namespace Dayu.Cli;

/// <summary>The models that a server offers: those that were named, else all that are at hand.</summary>
/// <param name="call">Who serves.</param>
/// <param name="model">How models are computed with.</param>
/// <param name="on">What computes.</param>
/// <param name="limits">How much each takes on.</param>
sealed class Offers(CommandContext call, ModelOptions model, Backend on, EngineLimits limits)
{
    readonly DType? cache = model.Cache(call);

    /// <summary>Named ones.</summary>
    public IReadOnlyList<ModelOffer> Of(IEnumerable<string> names) => [.. names.Select(Named)];

    /// <summary>All at hand, looked for each time: what is pulled meanwhile is offered, too.</summary>
    public IReadOnlyList<ModelOffer> All() => [.. call.Models.All().Select(m => Offer(m.Name, () => ModelPlace.Of(call, m.Path), m.Root))];

    ModelOffer Named(string name)
    {
        var place = model.PlaceOf(call, name);
        return Offer(call.Store.Find(name)?.Name ?? place.Name, () => place, place.Path);
    }

    ModelOffer Offer(string name, Func<ModelPlace> place, string root) => new(name, () => Open(place()))
    {
        Bytes = () => Size(place()),
        Created = Created(root),
        Limits = limits,
        Cache = cache,
    };

    Pretrained Open(ModelPlace place)
    {
        var opened = Pretrained.Open(place.Path, on, model.TokenizerFile(call), adapter: place.Adapter);
        call.Warn(opened.Text.Warnings);
        return opened;
    }

    long Size(ModelPlace place)
    {
        using var checkpoint = place.Open();
        return ModelSize.Of(ModelFacts.Of(checkpoint), limits, cache ?? on.CacheFormat);
    }

    static DateTimeOffset Created(string root) =>
        File.Exists(root) ? File.GetLastWriteTimeUtc(root) : Directory.Exists(root) ? Directory.GetLastWriteTimeUtc(root) : default;
}
