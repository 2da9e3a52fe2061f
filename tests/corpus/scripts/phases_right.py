import copy

import torch
from torch import nn, optim
from torchvision import datasets, models, transforms

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
tfs = {
    "train": transforms.Compose([transforms.RandomResizedCrop(64), transforms.RandomHorizontalFlip(),
                                 transforms.ToTensor(), transforms.Normalize(MEAN, STD)]),
    "val": transforms.Compose([transforms.Resize(72), transforms.CenterCrop(64), transforms.ToTensor(),
                               transforms.Normalize(MEAN, STD)]),
}
sets = {k: datasets.ImageFolder(f"birds/{k}", tfs[k]) for k in tfs}
loaders = {k: torch.utils.data.DataLoader(sets[k], 8, shuffle=(k == "train")) for k in sets}
device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")


def train_model(model, criterion, optimizer, scheduler, num_epochs):
    best, best_acc = copy.deepcopy(model.state_dict()), 0.0
    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            if phase == "train":
                model.train()
            else:
                model.eval()
            running_loss, running_corrects = 0.0, 0
            for inputs, labels in loaders[phase]:
                inputs, labels = inputs.to(device), labels.to(device)
                optimizer.zero_grad()
                with torch.set_grad_enabled(phase == "train"):
                    outputs = model(inputs)
                    _, preds = torch.max(outputs, 1)
                    loss = criterion(outputs, labels)
                    if phase == "train":
                        loss.backward()
                        optimizer.step()
                running_loss += loss.item() * inputs.size(0)
                running_corrects += torch.sum(preds == labels.data)
            if phase == "train":
                scheduler.step()
            acc = running_corrects.double() / len(sets[phase])
            if phase == "val" and acc > best_acc:
                best_acc, best = acc, copy.deepcopy(model.state_dict())
    model.load_state_dict(best)
    return model


net = models.resnet18(weights=models.ResNet18_Weights.IMAGENET1K_V1)
for p in net.parameters():
    p.requires_grad = False
net.fc = nn.Linear(net.fc.in_features, len(sets["train"].classes))
net = net.to(device)
crit = nn.CrossEntropyLoss()
head = optim.SGD(net.fc.parameters(), lr=1e-2, momentum=0.9)
net = train_model(net, crit, head, optim.lr_scheduler.StepLR(head, 5), 3)

for p in net.parameters():
    p.requires_grad = True
full = optim.SGD([{"params": net.fc.parameters(), "lr": 1e-3},
                  {"params": [p for n, p in net.named_parameters() if not n.startswith("fc")]}], lr=1e-4, momentum=0.9)
net = train_model(net, crit, full, optim.lr_scheduler.StepLR(full, 5), 3)
