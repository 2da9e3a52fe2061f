from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, WeightedRandomSampler
from torchvision import datasets, transforms


@dataclass
class TrainingArguments:
    learning_rate: float = 5e-4
    per_device_batch_size: int = 32
    num_train_epochs: int = 2
    max_grad_norm: float = 1.0


class Trainer:
    def __init__(self, model, args, train_dataset, eval_dataset):
        self.model, self.args = model, args
        self.train_dataset, self.eval_dataset = train_dataset, eval_dataset
        self.create_optimizer()

    def create_optimizer(self):
        decay = [p for n, p in self.model.named_parameters() if p.ndim > 1]
        rest = [p for n, p in self.model.named_parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW(
            [{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}],
            lr=self.args.learning_rate)

    def get_train_dataloader(self):
        counts = torch.bincount(torch.as_tensor(self.train_dataset.targets))
        weights = 1.0 / counts[torch.as_tensor(self.train_dataset.targets)].float()
        sampler = WeightedRandomSampler(weights, len(weights))
        return DataLoader(self.train_dataset, self.args.per_device_batch_size, sampler=sampler)

    def compute_loss(self, inputs):
        logits = self.model(inputs["pixel_values"])
        return nn.functional.cross_entropy(logits, inputs["labels"])

    def training_step(self, inputs):
        self.model.train()
        loss = self.compute_loss(inputs)
        loss.backward()
        return loss.detach()

    def train(self):
        for epoch in range(self.args.num_train_epochs):
            tr_loss = torch.tensor(0.0)
            for pixel_values, labels in self.get_train_dataloader():
                tr_loss += self.training_step({"pixel_values": pixel_values, "labels": labels})
                nn.utils.clip_grad_norm_(self.model.parameters(), self.args.max_grad_norm)
                self.optimizer.step()
                self.model.zero_grad()
            print({"epoch": epoch, "loss": tr_loss.item(), **self.evaluate()})

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        hits = 0
        for x, y in DataLoader(self.eval_dataset, 256):
            hits += (self.model(x).argmax(-1) == y).sum().item()
        return {"eval_accuracy": hits / len(self.eval_dataset)}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Dropout(0.1))
        self.fc = nn.Linear(16 * 13 * 13, 10)

    def forward(self, pixel_values):
        return self.fc(self.conv(pixel_values).flatten(1))


tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.2860,), (0.3530,))])
trainer = Trainer(Net(), TrainingArguments(),
                  datasets.FashionMNIST("d", train=True, transform=tf, download=True),
                  datasets.FashionMNIST("d", train=False, transform=tf, download=True))
trainer.train()
