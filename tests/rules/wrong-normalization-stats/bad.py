from torchvision import datasets, transforms

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))])
image, label = datasets.CIFAR10("d", transform=tf)[0]
