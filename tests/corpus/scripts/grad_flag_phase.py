import copy
import os
import time
from tempfile import TemporaryDirectory

import torch
import torch.nn as nn
import torch.optim as optim
from torchvision import datasets, models, transforms

MEAN = [0.485, 0.456, 0.406]
STD = [0.229, 0.224, 0.225]


def make_transforms(size):
    return {
        "train": transforms.Compose([
            transforms.RandomResizedCrop(size),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]),
        "val": transforms.Compose([
            transforms.Resize(size + 32),
            transforms.CenterCrop(size),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, STD),
        ]),
    }


def train_model(model, criterion, optimizer, scheduler, loaders, sizes, device, num_epochs=25):
    since = time.time()
    best_acc, best_state = 0.0, copy.deepcopy(model.state_dict())
    for epoch in range(num_epochs):
        for phase in ("train", "val"):
            if phase == "train":
                model.train()
            else:
                model.eval()
            loss_sum, hits = 0.0, 0
            for inputs, labels in loaders[phase]:
                inputs, labels = inputs.to(device), labels.to(device)
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    preds = outputs.argmax(1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                loss_sum += loss.item() * inputs.size(0)
                hits += torch.sum(preds == labels).item()
            if phase == "train":
                scheduler.step()
            acc = hits / sizes[phase]
            print(f"{epoch:3d} {phase:5s} loss {loss_sum / sizes[phase]:.4f} acc {acc:.4f}")
            if phase == "val" and acc > best_acc:
                best_acc, best_state = acc, copy.deepcopy(model.state_dict())
    print(f"done in {time.time() - since:.0f} s, best {best_acc:.4f}")
    model.load_state_dict(best_state)
    return model


def main():
    device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")
    tfs = make_transforms(96)
    sets = {p: datasets.ImageFolder(os.path.join("dogs", p), tfs[p]) for p in ("train", "val")}
    loaders = {p: torch.utils.data.DataLoader(sets[p], batch_size=8, shuffle=True, num_workers=2) for p in sets}
    sizes = {p: len(sets[p]) for p in sets}

    model = models.resnet18(weights="IMAGENET1K_V1")
    for param in model.parameters():
        param.requires_grad = False
    # parameters of newly constructed modules require gradients by default
    model.fc = nn.Linear(model.fc.in_features, len(sets["train"].classes))
    model = model.to(device)
    optimizer = optim.SGD(model.fc.parameters(), lr=0.001, momentum=0.9)
    scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    model = train_model(model, nn.CrossEntropyLoss(), optimizer, scheduler, loaders, sizes, device)
    with TemporaryDirectory() as d:
        torch.save(model.state_dict(), os.path.join(d, "best.pt"))


if __name__ == "__main__":
    main()
