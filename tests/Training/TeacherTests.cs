using Dayu.Models;
using Dayu.Tensors;
using Dayu.Training;

namespace Dayu.Tests;

/// <summary>Distillation: the loss and its gradients against the same from whole logits, and that a student becomes its teacher.</summary>
public sealed class TeacherTests
{
    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(0.3f, 2f)]
    [InlineData(1f, 1f)]
    public void LossByPartsIsTheLossOfWholeLogits(float share, float heat)
    {
        using var on = Backends.Make("reference");
        using var student = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend, train: true);
        using var teacher = LoadedModel.Create(student.Config, on.Backend, seed: 5, train: false, gain: 20);
        using var arena = new Arena(on.Backend);
        int[] ids = [.. Enumerable.Range(0, 300).Select(i => i * 37 % 128)], starts = [0, 100, 300];       // more rows than one part
        int[] targets = [.. ids.Skip(1).Append(-100)];
        var weights = new float[ids.Length];
        Array.Fill(weights, 1f / 299);
        var batch = new Batch(ids, starts, targets);
        var states = new Teacher(teacher.As<ICausalLm>(), share, heat).Read(arena, batch);
        var loss = student.Net.Loss(Pass(), new(targets, Weights: weights, Teacher: states));
        var found = loss.ToArray()[0];
        loss.Backward();
        var gradients = student.Weights.Values.Select(w => w.Tensor.Grad.ToArray()).ToArray();
        foreach (var w in student.Weights.Values) on.Backend.Fill(w.Tensor.Grad, 0);

        arena.Reset();
        var (own, other) = (student.As<ICausalLm>().Forward(Pass()), teacher.As<ICausalLm>().Forward(Pass()));
        var counted = arena.New(ids.Length).Set([.. targets.Select(t => t < 0 ? 0 : 1f / 299)]);
        var whole = Op.CrossEntropy(own, arena.Ints(targets), counted) * (1 - share) + Op.KlDivergence(own, other, counted, heat) * share;
        Assert.Equal(whole.ToArray()[0], found, 1e-5);
        whole.Backward();
        foreach (var (w, gradient) in student.Weights.Values.Zip(gradients)) Golden.Close(w.Path, w.Tensor.Grad.ToArray(), gradient, 1e-4);

        Pass Pass() => new(arena, ids, starts) { SelectedRows = Models.Pass.Every(ids.Length) };
    }

    [Fact]
    public void StudentBecomesItsTeacher()
    {
        using var on = Backends.Make("reference");
        using var teacher = LoadedModel.Open(Fixtures.GoldenOrSkip("llama"), on.Backend);
        using var student = LoadedModel.Create(teacher.Config, on.Backend, seed: 3);
        using var parameters = new Parameters(student);
        using var trainer = new Trainer(student, new AdamW(parameters, new()), new Schedule(ScheduleKind.Constant, 3e-3, 60), new Same(),
            new() { Teacher = new(teacher.As<ICausalLm>(), Share: 1) });
        var losses = Enumerable.Range(0, 60).Select(_ => trainer.Step().Loss).ToArray();
        Assert.True(losses[^1] < losses[0] / 3, $"{losses[0]} → {losses[^1]}");
    }

    /// <summary>The same sequence again and again.</summary>
    sealed class Same : IBatchSource
    {
        public Batch At(long number)
        {
            int[] ids = [.. Enumerable.Range(0, 32).Select(i => i * 29 % 128)];
            return new(ids, [0, 32], [.. ids.Skip(1).Append(Op.Ignored)]);
        }
    }
}
