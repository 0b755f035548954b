using Dayu.Models;

namespace Dayu.Training;

/// <summary>Optimizers by name.</summary>
public static class Optimizers
{
    /// <summary>Those that there are.</summary>
    public static string[] Names { get; } = ["adamw", "muon", "sgd"];

    /// <summary>The optimizer that a recipe names.</summary>
    public static Optimizer Make(OptimizerRecipe r, Parameters parameters, LoadedModel model)
    {
        var adamW = new AdamWSettings(r.Beta1, r.Beta2, r.Epsilon, r.Decay);
        Optimizer optimizer = r.Name switch
        {
            "adamw" => new AdamW(parameters, adamW),
            "muon" => new Muon(parameters, Muon.HiddenOf(model), new(r.Momentum, r.Nesterov, r.Decay), adamW, r.Others),
            "sgd" => new Sgd(parameters, new(r.Momentum, r.Nesterov, r.Decay)),
            _ => throw new RecipeException($"optimizer.name is '{r.Name}', expected one of {string.Join(", ", Names)}"),
        };
        if (r.Ema is { } decay) optimizer.Average = new(parameters, decay);
        return optimizer;
    }
}
